/** How it looks what comes after a conversation; beside the sheet of the panel. */

export const afterSheet = new CSSStyleSheet();
afterSheet.replaceSync(`
.after, .after form, .more { display: grid; gap: .75em }
.after > form, details { border-top: 1px solid var(--line); padding-top: .75em }
details form { margin-top: 1em }
fieldset { border: 0 }
.option { display: flex; align-items: center; gap: .75em; min-height: 2.75em; padding: 0 .5em; margin-inline: -.5em; border-radius: .5em; font-weight: 400 }
.option:hover { background: var(--mist) }
[type=radio] { width: 1.375em; height: 1.375em; flex: none; accent-color: var(--green) }
summary { min-height: 2.75em; padding-block: .5em; font-weight: 600; color: var(--green); cursor: pointer }
.line .button { flex: none; padding-inline: 1em }`);
