/** How the panel looks. Sizes are in em of the launcher's own size, so that larger text works. */

export const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host {
  --ink: #17252a; --soft: #4c5c61; --paper: #fbf8f3; --surface: #fff; --line: #ddd5c8; --strong: #7a7468;
  --jenever: #0b5557; --deep: #073b3d; --mist: #e3f0ee; --sand: #f1ede5; --accent: #a8481f; --stop: #b3261e;
  --sun: #fff3d1;
}
*, *::before { box-sizing: border-box }
p, h2, h3, ul { margin: 0; padding: 0; font-size: 1em }
ul { list-style: none }
button, textarea { font: inherit; color: inherit }
button { cursor: pointer }
.unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap }
.panel {
  position: fixed; z-index: 2147483000; inset: auto 1.5em 1.5em auto; width: min(24em, 100vw - 3em);
  height: 38.75em; max-height: calc(100dvh - 3em); display: grid; grid-template-rows: auto auto minmax(0, 1fr) auto;
  grid-template-columns: minmax(0, 1fr); background: var(--surface); color: var(--ink); border-radius: 1em;
  border: 1px solid var(--line); overflow: hidden; line-height: 1.5; overflow-wrap: anywhere;
  box-shadow: 0 12px 40px -12px rgb(7 59 61 / .45), 0 0 0 1px rgb(255 255 255 / .25);
}
:focus { outline: none }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
header :focus-visible { outline-color: #ffd166; outline-offset: -3px }
.scroller:focus-visible { outline-offset: -3px }

header { display: flex; align-items: center; gap: .75em; padding: .8em .6em .8em 1.1em; background: var(--deep); color: #fff }
.who { flex: 1; min-width: 0 }
h2 { font-size: 1.0625em; font-weight: 700; line-height: 1.2; letter-spacing: -.01em }
.with { font-size: .875em; line-height: 1.3; color: #cfe3e0; margin-top: .15em }
header button { flex: none; min-width: 2.75em; min-height: 2.75em; display: grid; place-items: center; border: 0; border-radius: .5em;
  background: none; padding: 0 .4em }
header button:hover { background: rgb(255 255 255 / .14) }
.end { font-weight: 600; text-decoration: underline; text-underline-offset: .2em; text-decoration-thickness: 1px }

.notice { background: var(--sun); padding: .6em 1.25em; font-size: .875em; line-height: 1.4; border-bottom: 1px solid #ecd9a4 }
.notice:empty, .problem:empty, .waiting:empty, .typing:empty, .counter:empty { display: none }
.lost { background: #f8e9e0; border-color: #e6c8b6 }
.notice a { display: inline-block; padding-block: .5em }

.middle { position: relative; min-height: 0; display: grid; grid-template-rows: minmax(0, 1fr) }
.scroller { overflow: auto; overscroll-behavior: contain; padding: 1.1em 1.1em 1em; display: flex; flex-direction: column; gap: 1em }
.scroller > :empty { display: none }
.pilot { font-size: .8125em; line-height: 1.4; color: var(--soft); border-inline-start: 3px solid var(--accent); padding-inline-start: .8em }
.welcome { margin-top: 1.5em }
.welcome .strong { font-size: 1.5em; font-weight: 700; letter-spacing: -.02em; line-height: 1.15; margin-bottom: .25em; text-wrap: balance }
.welcome p, .privacy { color: var(--soft) } .welcome .strong { color: var(--ink) }
.strong { font-weight: 600 }

.log { display: flex; flex-direction: column; gap: .9em }
.row { display: flex; flex-direction: column; gap: .9em }
.day, .sys { align-self: center; text-align: center; font-size: .8125em; line-height: 1.4; color: var(--soft) }
.day { font-weight: 600 } .day::first-letter { text-transform: uppercase }
.sys { padding-inline: 1em; text-wrap: balance }
.msg { max-width: 86%; display: flex; flex-direction: column; align-self: flex-start }
.mine { align-self: flex-end }
.bubble { white-space: pre-wrap; padding: .6em .9em; border-radius: .9em .9em .9em .25em; background: var(--sand); align-self: flex-start }
.mine .bubble { background: var(--jenever); color: #fff; border-radius: .9em .9em .25em; align-self: flex-end }
.bubble a { color: inherit; font-weight: 500 } .mine :focus-visible { outline-color: #ffd166 }
.meta { order: 2; margin: .25em .25em 0; font-size: .8125em; line-height: 1.3; color: var(--soft) }
.mine .meta { text-align: end }
.waiting, .typing { font-size: .875em; line-height: 1.45; color: var(--soft) }
.waiting { background: var(--mist); color: var(--ink); border-radius: .7em; padding: .8em 1em }
.typing::before { content: ""; display: inline-block; width: 1.6em; height: .45em; margin-inline-end: .5em;
  background: radial-gradient(circle closest-side, var(--jenever) 90%, transparent) 0 / 33.4% 100% repeat-x; animation: dots 1.2s infinite }
@keyframes dots { 50% { opacity: .3 } }
.below { position: absolute; inset: auto 0 .6em; margin-inline: auto; width: max-content; max-width: 90%; min-height: 2.75em; display: flex;
  align-items: center; gap: .5em; border: 0; border-radius: 2em; padding: .3em 1.1em; background: var(--accent); color: #fff; font-weight: 600;
  box-shadow: 0 4px 14px rgb(7 59 61 / .35) }
.below svg { width: 1.1em; height: 1.1em }

footer { border-top: 1px solid var(--line); padding: .75em .9em .35em; display: grid; gap: .6em; grid-template-columns: minmax(0, 1fr);
  max-height: 60dvh; overflow: auto }
.privacy { font-size: .8125em; line-height: 1.4 }
a { color: var(--jenever); text-underline-offset: .18em; text-decoration-thickness: 1px } a:hover { text-decoration-thickness: 2px }
label { font-weight: 600 }
.line { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .5em; align-items: end }
textarea { display: block; width: 100%; min-height: 3em; max-height: 8.8em; margin: 0; padding: .65em .8em; line-height: 1.5; resize: none;
  border: 1.5px solid var(--strong); border-radius: .65em; background: var(--surface); overscroll-behavior: contain }
textarea:focus-visible { outline-color: var(--jenever); outline-offset: 0; border-color: var(--jenever); border-radius: .65em }
textarea[aria-invalid] { border-color: var(--stop); border-width: 2px }
.send { width: 3em; height: 3em; border: 0; border-radius: .65em; background: var(--jenever); color: #fff; display: grid; place-items: center }
.send:hover, .button:hover { background: var(--deep) }
.over-line { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1em; font-size: .875em; margin-bottom: .3em }
.keys { font-size: .8125em; line-height: 1.4; color: var(--soft); margin-top: .35em }
.counter { font-variant-numeric: tabular-nums } .counter.over, .error { color: var(--stop) }
.error { font-size: .875em; line-height: 1.4; font-weight: 500; margin-top: .35em }
.help { font-size: .875em; border-top: 1px solid var(--line); margin-inline: -1.05em; padding: .25em 1.05em 0 }
.help a { display: inline-block; font-weight: 600; padding: .55em .3em; white-space: nowrap }

.button { min-height: 3em; border: 2px solid var(--jenever); border-radius: .5em; padding: .5em 1.1em; background: var(--jenever); color: #fff; font-weight: 600 }
.quiet { background: none; color: var(--jenever) } .quiet:hover { background: var(--mist) }
.silence { background: #f8e9e0; border-radius: .7em; padding: .85em 1em; display: grid; gap: .15em }
.silence .button { margin-top: .5em; width: 100% }
.left { font-size: .875em; font-variant-numeric: tabular-nums }
.choice { display: grid; gap: .35em; padding-block: .25em .35em } .choice p:not(.strong) { font-size: .9375em; color: var(--soft) }
.buttons { display: flex; flex-wrap: wrap; gap: .5em; margin-top: .4em }
.closed { display: grid; gap: .75em; color: var(--soft) }
.closed .strong { color: var(--ink); font-size: 1.25em; font-weight: 700; line-height: 1.25; letter-spacing: -.01em; text-wrap: balance }
.closed h3 { color: var(--ink); margin-top: .75em }
.ways { display: grid; gap: .5em }
.way { display: flex; align-items: center; gap: .75em; min-height: 3em; padding: .6em .9em; border: 1.5px solid var(--jenever); border-radius: .7em;
  font-weight: 600; text-decoration: none } .way:hover { background: var(--mist) }
.links li { border-top: 1px solid var(--line) } .links a { display: block; padding: .6em 0; font-weight: 500 }

@media (max-width: 480px), (max-height: 480px) {
  .panel { inset: 0; width: auto; height: 100dvh; max-height: none; border: 0; border-radius: 0 }
  header { padding-block: .55em }
}
@media (prefers-reduced-motion: reduce) { .typing::before { animation: none } }
@media (forced-colors: active) {
  .panel, .bubble, .waiting, .silence, .below, .button, .send, header button { border: 1px solid }
  .mine .bubble { border-width: 2px } .typing::before { display: none }
}
@media print { .panel { display: none } }`);
