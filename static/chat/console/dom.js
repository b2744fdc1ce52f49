/** Small means to draw a changing list without touching what did not change. */

/** An element with attributes (`class`, `data-…`, `aria-…`) and children (nodes or texts). */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** An icon of the sprite that stands in the page. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon icon-small");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Writes a text only when it differs, so that a live region speaks only of what is new. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(node, name, value) {
  if (value === null || value === false || value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/**
 * Makes the children of `parent` follow `items`: a node is made once for each key, kept while its
 * key stays, and moved only when the order changed; so focus and live regions are left in peace.
 */
export function follow(parent, items, { key, make, update }) {
  const wanted = new Set(items.map((item) => String(key(item))));
  // First what went, so that the rest stays where it is: a moved node loses the focus.
  for (const node of [...parent.children]) if (!wanted.has(node.dataset.key)) node.remove();
  const known = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    const node = known.get(name) ?? make(item);
    node.dataset.key = name;
    update?.(node, item);
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
}
