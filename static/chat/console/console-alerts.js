/** Sound and desktop notifications: the two switches in the menu, and the telling itself. */

import { nameOf, Teller, waysToTell } from "./alerts.js";
import { DeskView } from "./desk-view.js";
import { setAttribute, setText } from "./dom.js";
import { preferences } from "./preferences.js";
import { say, sayCount } from "./texts.js";
import { Tones } from "./tones.js";

const SOUND = "sound";
const DESKTOP = "desktop";

export class ConsoleAlerts extends DeskView {
  #tones = new Tones();
  #teller = new Teller({ storage: preferences, alone, later });

  connected() {
    this.on(this.part(SOUND), "change", (event) => this.#setSound(event.target.checked));
    this.on(this.part(DESKTOP), "change", (event) => this.#setDesktop(event.target.checked));
    this.on(this.desk, "alert", (event) => this.#tell(event.detail));
    this.on(window, "storage", (event) => {
      if ([SOUND, DESKTOP].includes(preferences.keyOf(event))) this.#drawSwitches();
    });
    // A browser makes no sound before the person did something on the page.
    for (const type of ["pointerdown", "keydown"]) {
      this.on(document, type, () => this.#wants(SOUND) && this.#tones.wake(), { once: true });
    }
    this.#drawSwitches();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#tones.close();
  }

  /** The key that silences, or lets sound again; says what it became. */
  toggleSound() {
    this.#setSound(!this.#wants(SOUND));
    this.desk.notify(say(this.#wants(SOUND) ? "sound_on" : "sound_off"));
  }

  draw() {
    const { length } = this.desk.waiting;
    const badge = this.console.querySelector('[data-nav-count="chat"]');
    if (!badge) return;
    badge.hidden = !this.desk.loaded || length === 0;
    setText(badge.querySelector("[data-number]"), String(length));
    setText(badge.querySelector("[data-sentence]"), sayCount("none_waiting", length));
  }

  #wants(what) {
    return preferences.get(what) === "on" && (what !== DESKTOP || isAllowed());
  }

  #setSound(on) {
    preferences.set(SOUND, on ? "on" : "off");
    if (on) this.#tones.play("message"); // so that the person knows what to listen for
    this.#drawSwitches();
  }

  /* Only here, on the person's own click, the browser is asked. */
  async #setDesktop(on) {
    preferences.set(DESKTOP, on ? "on" : "off");
    if (on && !isAllowed() && "Notification" in globalThis) await Notification.requestPermission();
    this.#drawSwitches();
  }

  #drawSwitches() {
    this.part(SOUND).checked = this.#wants(SOUND);
    this.part(DESKTOP).checked = this.#wants(DESKTOP);
    const lacks = !("Notification" in globalThis);
    this.part(DESKTOP).disabled = lacks;
    const refused = !lacks && preferences.get(DESKTOP) === "on" && !isAllowed();
    setText(
      this.part("hint"),
      lacks ? say("desktop_lacks") : refused ? say("desktop_refused") : "",
    );
    setAttribute(this.part("hint"), "hidden", lacks || refused ? null : "");
  }

  #tell(event) {
    const wish = { sound: this.#wants(SOUND), desktop: this.#wants(DESKTOP) };
    if (!wish.sound && !wish.desktop) return; // so is every other tab: nobody needs to agree
    const view = this.#view();
    const { sound, desktop } = waysToTell(event, view, wish);
    this.#teller.once(nameOf(event), view, () => {
      if (sound) this.#tones.play(event.kind);
      if (desktop) this.#show(event);
    });
  }

  #view() {
    const lists = this.console.querySelector(".lists");
    return {
      inView: document.visibilityState === "visible" && document.hasFocus(),
      openId: this.desk.openId,
      showsLists: Boolean(lists?.offsetParent),
    };
  }

  /* Who it is, never what was said: a notification stays behind on a locked screen. */
  #show(event) {
    const note = new Notification(say("title"), {
      body: say(`alert_${event.kind}`, { name: event.name }),
      tag: nameOf(event),
      lang: this.desk.lang,
    });
    note.addEventListener("click", () => {
      window.focus();
      this.console.run("open", event.id);
      note.close();
    });
  }
}

function isAllowed() {
  return globalThis.Notification?.permission === "granted";
}

/** Runs `act` while no other tab of this portal does. */
function alone(act) {
  return navigator.locks ? navigator.locks.request("hasselt-console.alert", act) : act();
}

function later(ms) {
  return new Promise((go) => setTimeout(go, ms));
}
