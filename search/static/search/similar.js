/* Beside a form: what was decided on the matter of its title and text, asked for when typing pauses. */
(() => {
  const PAUSE = 600;
  const LONGEST = 200; // characters: what says the matter stands at the beginning
  const SHORTEST = 4;
  const panel = document.querySelector("[data-similar]");
  const fields = panel?.dataset.similarOf.split(" ").map((name) => document.querySelector(`[name="${name}"]`));
  if (!panel || fields.includes(null)) return;
  const lines = panel.querySelector("[data-similar-lines]");
  let asked = "";
  let timer;
  let pending;

  const ask = async () => {
    const text = fields.map((field) => field.value.trim()).join("\n").trim().slice(0, LONGEST);
    if (text === asked) return;
    asked = text;
    pending?.abort();
    if (text.length < SHORTEST) {
      panel.hidden = true;
      return;
    }
    pending = new AbortController();
    try {
      const answer = await fetch(`${panel.dataset.similar}?${new URLSearchParams({ text })}`, {
        headers: { "X-Requested-With": "XMLHttpRequest" },
        signal: pending.signal,
      });
      if (!answer.ok) return;
      lines.innerHTML = await answer.text();
      panel.hidden = false;
    } catch {
      // Newer typing, or the network: the form works without it.
    }
  };

  for (const field of fields) {
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
  }
  ask();
})();
