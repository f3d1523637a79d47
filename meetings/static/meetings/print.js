/* The button of a page for printing. */
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
