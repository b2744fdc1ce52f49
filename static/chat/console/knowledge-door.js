/** Fetches ready answers and catalogue; the portal answers 304 when nothing is new. */

export function loadKnowledge(address) {
  return async (etag) => {
    const answer = await fetch(address, { headers: etag ? { "If-None-Match": etag } : {} });
    if (answer.status === 304) return null;
    if (!answer.ok || answer.redirected) throw new Error(`knowledge: ${answer.status}`);
    return { etag: answer.headers.get("ETag") ?? "", ...(await answer.json()) };
  };
}
