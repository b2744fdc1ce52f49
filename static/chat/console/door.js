/**
 * A refused handshake and a dead server look the same to a socket. So after some that never opened
 * the page itself is asked, which sends a stranger to the login.
 */

const REFUSED_TRIES = 2;

export function watchDoor(desk, signal) {
  let tries = 0;
  const react = async ({ detail: state }) => {
    if (state === "online") tries = 0;
    if (state !== "waiting") return;
    tries += 1;
    if (tries >= REFUSED_TRIES && (await isShut(signal))) desk.refuse();
  };
  desk.addEventListener("link", react, { signal });
}

async function isShut(signal) {
  try {
    const answer = await fetch(location.pathname, { method: "HEAD", redirect: "manual", signal });
    return answer.type === "opaqueredirect" || answer.status === 403;
  } catch {
    return false; // the server is away: nothing known about the login
  }
}
