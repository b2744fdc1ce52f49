/** Stand-ins for what only a browser has. */

/** localStorage: methods plus one own property per key, and a switch that makes it refuse. */
export class FakeArea {
  constructor(content = {}) {
    Object.assign(this, content);
  }

  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }

  setItem(key, value) {
    this[key] = value;
  }

  removeItem(key) {
    delete this[key];
  }

  refuse() {
    const refusal = () => {
      throw new Error("storage is blocked");
    };
    for (const name of ["getItem", "setItem", "removeItem"]) {
      Object.defineProperty(this, name, { value: refusal, enumerable: false });
    }
  }
}

/** A WebSocket whose other end is the test. */
export class FakeSocket {
  static made = [];
  readyState = 0;
  sent = [];

  constructor(url) {
    this.url = url;
    FakeSocket.made.push(this);
  }

  open() {
    this.readyState = 1;
    this.onopen();
  }

  say(value) {
    this.onmessage({ data: typeof value === "string" ? value : JSON.stringify(value) });
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
    this.onclose?.();
  }
}
