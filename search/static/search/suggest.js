/* Titles while typing, as the options of the field's own <datalist>; without a script the field is what it was. */
(() => {
  const PAUSE = 200;
  const SHORTEST = 2;

  const follow = (field) => {
    const list = document.getElementById(`${field.id}-titles`);
    let timer;
    let pending;

    const ask = async (q) => {
      pending = new AbortController();
      try {
        const answer = await fetch(`${field.dataset.suggest}?${new URLSearchParams({ q })}`, {
          headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
          signal: pending.signal,
        });
        if (!answer.ok) return;
        const titles = await answer.json();
        list.replaceChildren(...titles.map((title) => Object.assign(document.createElement("option"), { value: title })));
      } catch {
        // Newer typing, or the network: searching works without it.
      }
    };

    field.setAttribute("list", list.id);
    field.addEventListener("input", () => {
      clearTimeout(timer);
      pending?.abort();
      const q = field.value.trim();
      const chosen = [...list.options].some((option) => option.value === q);
      if (q.length >= SHORTEST && !chosen) timer = setTimeout(() => ask(q), PAUSE);
      else if (!chosen) list.replaceChildren();
    });
  };

  document.querySelectorAll("input[data-suggest]").forEach(follow);
})();
