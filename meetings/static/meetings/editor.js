/* Wagtail's rich text editor has no name for a screen reader: give it that of its field. */
(() => {
  const name = () => {
    for (const editor of document.querySelectorAll(".public-DraftEditor-content:not([aria-label])")) {
      const field = editor.closest("[data-field]")?.querySelector("textarea[id], input[id]");
      const label = field && document.querySelector(`label[for="${field.id}"]`);
      if (label) editor.setAttribute("aria-label", label.textContent.replace("*", "").trim());
    }
  };
  new MutationObserver(name).observe(document.querySelector("main") ?? document.body, { childList: true, subtree: true });
  name();
})();
