/** The tones of the console, made by the browser itself: short, soft, and each kind its own. */

const LOUDNESS = 0.12;
const RISE_S = 0.012;
// [hertz, starts after, lasts], seconds. Rising: somebody waits. Two alike: a message.
const TUNES = {
  waiting: [
    [523.25, 0, 0.16],
    [659.25, 0.13, 0.24],
  ],
  assigned: [
    [523.25, 0, 0.12],
    [659.25, 0.11, 0.12],
    [783.99, 0.22, 0.28],
  ],
  message: [
    [659.25, 0, 0.09],
    [659.25, 0.13, 0.16],
  ],
};
const APART_S = 0.9; // of several at once one is heard

export class Tones {
  #context = null;
  #freeAt = 0;

  /** Plays the tune of `kind`; nothing where the browser has no sound or does not allow it yet. */
  play(kind) {
    const context = this.#wake();
    if (!context || context.currentTime < this.#freeAt) return;
    this.#freeAt = context.currentTime + APART_S;
    for (const note of TUNES[kind]) ring(context, note);
  }

  /** To be called on a click or key of the person: before that a browser keeps silent. */
  wake() {
    this.#wake();
  }

  close() {
    this.#context?.close();
    this.#context = null;
  }

  #wake() {
    const Context = globalThis.AudioContext;
    if (!Context) return null;
    this.#context ??= new Context();
    if (this.#context.state === "suspended") this.#context.resume().catch(() => {});
    return this.#context;
  }
}

function ring(context, [hertz, after, lasts]) {
  const tone = context.createOscillator();
  const volume = context.createGain();
  const from = context.currentTime + after;
  tone.type = "sine";
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(LOUDNESS, from + RISE_S);
  volume.gain.exponentialRampToValueAtTime(0.0001, from + lasts);
  tone.connect(volume).connect(context.destination);
  tone.start(from);
  tone.stop(from + lasts);
}
