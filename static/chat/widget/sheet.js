/** How the panel looks. Sizes are in em of the launcher's own size, so that larger text works. */

export const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host { --ink: #17252a; --soft: #4c5c61; --line: #ddd5c8; --green: #0b5557; --deep: #073b3d; --mist: #e3f0ee; --blush: #f8e9e0;
  --accent: #a8481f; --stop: #b3261e; --sun: #ffd166 }
* { box-sizing: border-box; margin: 0; padding: 0 }
h2, h3 { font-size: 1em }
ul { list-style: none }
button, textarea, input { font: inherit; color: inherit }
button { border: 0; cursor: pointer }
a { color: var(--green); text-underline-offset: .2em; text-decoration-thickness: 1px }
a:hover { text-decoration-thickness: 2px }
:focus { outline: none }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
header :focus-visible, .mine :focus-visible { outline-color: var(--sun) }
.unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap }
.strong, .end, .button, .way, .below, label, .day, .help a { font-weight: 600 }
.with, .notice, .waiting, .typing, .error, .help, .left, .above, .secret { font-size: .875em; line-height: 1.4 }
.pilot, .day, .sys, .meta, .privacy, .keys { font-size: .8125em; line-height: 1.4; color: var(--soft) }

.panel { position: fixed; inset: auto var(--right) var(--bottom) var(--left); width: min(24em, 100vw - 2 * var(--edge)); height: 38.75em;
  max-height: calc(100dvh - var(--edge) - var(--bottom)); display: grid; grid: auto auto minmax(6em, 1fr) auto / minmax(0, 1fr); overflow: hidden auto; background: #fff;
  color: var(--ink); border: 1px solid var(--line); border-radius: 1em; line-height: 1.5; overflow-wrap: anywhere;
  box-shadow: 0 12px 40px -12px rgb(7 59 61 / .5), 0 0 0 1px rgb(255 255 255 / .25) }
header { display: flex; flex-wrap: wrap; align-items: center; justify-content: end; gap: .25em .75em; padding: .75em .5em .75em 1em; background: var(--deep); color: #fff }
.who { flex: 1 1 7em }
h2 { font-size: 1.0625em; line-height: 1.2 }
.with { color: #cfe3e0 }
header button { min-width: 2.75em; min-height: 2.75em; display: grid; place-items: center; border-radius: .5em; background: none }
header button:hover { background: rgb(255 255 255 / .14) }
.end { padding: 0 .5em; text-decoration: underline; text-underline-offset: .2em; text-decoration-thickness: 1px }

.notice { background: #fff3d1; padding: .75em 1.25em; border-bottom: 1px solid #ecd9a4 }
.lost { background: var(--blush); border-color: #e6c8b6 }
p:empty, .scroller > :empty { display: none }
.notice a { display: inline-block; padding-block: .5em; margin-block: -.5em }

.middle { position: relative; display: grid; grid-template-rows: minmax(0, 1fr) }
.scroller { overflow: auto; scroll-padding: 1em; overscroll-behavior: contain; padding: 1em; display: flex; flex-direction: column; gap: 1em }
.scroller:focus-visible { outline-offset: -3px }
.pilot { border-inline-start: 3px solid var(--accent); padding-inline-start: .75em }
.welcome { margin-top: 1.5em; color: var(--soft) }
.welcome .strong { font-size: 1.5em; font-weight: 700; letter-spacing: -.02em; line-height: 1.2; margin-bottom: .25em; color: var(--ink) }

.log, .row, .msg { display: flex; flex-direction: column }
.log, .row { gap: .875em }
.day, .sys { align-self: center; text-align: center; text-wrap: balance }
.day::first-letter { text-transform: uppercase }
.msg { max-width: 86%; align-self: start; align-items: start }
.mine { align-self: end; align-items: end }
.bubble { white-space: pre-wrap; padding: .625em .875em; border-radius: .875em .875em .875em .25em; background: #f1ede5 }
.mine .bubble { background: var(--green); color: #fff; border-radius: .875em .875em .25em }
.bubble a { color: inherit }
.card { padding: 0; white-space: normal; background: #fff; border: 1px solid var(--line); border-inline-start: 3px solid var(--accent) }
.card a { display: block; padding: .625em .875em; text-decoration: none; color: var(--ink) }
.card strong { display: block; color: var(--green); text-decoration: underline; text-underline-offset: .2em; text-decoration-thickness: 1px }
.card a:hover strong { text-decoration-thickness: 2px }
.meta { order: 2; margin: .25em .25em 0 }
.mine .meta { text-align: end }
.waiting { background: var(--mist); border-radius: .75em; padding: .75em 1em }
.typing { color: var(--soft) }
.typing::before { content: ""; display: inline-block; width: 1.5em; height: .5em; margin-inline-end: .5em;
  background: radial-gradient(circle closest-side, var(--green) 90%, transparent) 0 / 33.3% repeat-x; animation: dots 1.2s infinite }
@keyframes dots { 50% { opacity: .3 } }
.below { position: absolute; inset: auto 0 .5em; margin: auto; width: max-content; max-width: 90%; min-height: 2.75em; display: flex;
  align-items: center; gap: .5em; border-radius: 2em; padding: 0 1.25em; background: var(--accent); color: #fff;
  box-shadow: 0 4px 12px rgb(7 59 61 / .5) }
.below svg { width: 1em; height: 1em }

footer { border-top: 1px solid var(--line); padding: .75em 1em 0; display: grid; gap: .5em; grid-template-columns: minmax(0, 1fr) }
.above { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1em; margin-bottom: .25em }
.line { display: flex; flex-wrap: wrap; gap: .5em; align-items: end; justify-content: end }
textarea, .mail { display: block; flex: 1 1 6em; width: 100%; min-width: 0; min-height: 3em; max-height: 8.875em; padding: .625em .75em; line-height: 1.5; resize: none;
  border: 1.5px solid #7a7468; border-radius: .625em; background: #fff }
textarea:focus-visible, .mail:focus-visible { outline-color: var(--green); outline-offset: 0 }
[aria-invalid=true] { border-color: var(--stop) }
.send, .attach { flex: none; width: 3em; height: 3em; display: grid; place-items: center; border-radius: .625em }
.attach { margin-inline: -.5em -.25em; background: none; color: var(--green) }
.secret { background: #fff3d1; border-radius: .5em; padding: .5em .75em; margin-bottom: .5em }
.send, .button { background: var(--green); color: #fff }
.send:hover, .button:hover { background: var(--deep) }
.error, .over { color: var(--stop) }
.error, .keys { margin-top: .25em }
@media (pointer: coarse) { .keys { display: none } }
.help { border-top: 1px solid var(--line); margin-inline: -1.125em; padding-inline: 1.125em }
.help a { display: inline-block; padding: .875em .25em; white-space: nowrap }

.button { min-height: 3em; border: 2px solid var(--green); border-radius: .5em; padding: .5em 1.25em }
.quiet { background: none; color: var(--green) }
.quiet:hover, .way:hover, .attach:hover { background: var(--mist); color: var(--green) }
.silence { background: var(--blush); border-radius: .75em; padding: .75em 1em }
.silence .button { margin-top: .75em; width: 100% }
.choice { padding-block: .25em }
.buttons { display: flex; flex-wrap: wrap; gap: .5em; margin-top: .75em }
.shut, .ways { display: grid; gap: .75em }
.shut .strong { font-size: 1.25em; font-weight: 700; line-height: 1.2; text-wrap: balance }
.shut h3 { margin-top: .75em }
.way { display: flex; align-items: center; gap: .75em; padding: .75em 1em; border: 1.5px solid var(--green); border-radius: .75em; text-decoration: none }
.links li { border-top: 1px solid var(--line) }
.links a { display: block; padding: .625em 0 }

@media (max-width: 480px), (max-height: 480px) {
  .panel { inset: 0; width: auto; height: 100dvh; max-height: none; border: 0; border-radius: 0 }
}
@media (prefers-reduced-motion: reduce) { .typing::before { animation: none } }
@media (forced-colors: active) { .bubble, .waiting, .silence, button { border: 1px solid } }`);
