/*
 * Dragging agenda items into their order. The order stands in hidden fields of the form, in the order of the page:
 * moving an item moves its field. What the arrows do needs no script.
 */
(() => {
  const form = document.querySelector("[data-agenda]");
  if (!form) return;
  const items = () => [...form.querySelectorAll("[data-agenda-item]")];
  const order = () => items().map((item) => item.id).join();
  let dragged = null;
  let before = "";

  form.querySelector("[data-agenda-hint]").hidden = false;
  for (const item of items()) item.draggable = true;

  // After a move by keyboard the page comes back: the person goes on where the item stands now.
  if (location.hash.startsWith("#item-")) {
    document.querySelector(`${location.hash} button:not([disabled])`)?.focus();
  }

  form.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-agenda-item]");
    if (!dragged) return;
    before = order();
    dragged.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.id);
  });

  form.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-agenda-item]");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const box = over.getBoundingClientRect();
    const behind = event.clientY > box.top + box.height / 2;
    over[behind ? "after" : "before"](dragged);
  });

  form.addEventListener("drop", (event) => event.preventDefault());

  form.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged.classList.remove("dragged");
    dragged = null;
    if (order() !== before) form.requestSubmit();
  });
})();
