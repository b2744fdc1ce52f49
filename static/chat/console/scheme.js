/* Classic script, before the first paint: the colours this agent chose; dark when nothing is. */
(() => {
  try {
    const chosen = localStorage.getItem("hasselt-console.scheme");
    if (["dark", "light", "auto"].includes(chosen))
      document.documentElement.dataset.scheme = chosen;
  } catch {
    // Storage is blocked: dark it is.
  }
})();
