/*
 * Replacement for Wagtail's inline scripts, which the content security policy forbids.
 * In place of each script, an element names what to start (templates/wagtailadmin/, portal/inline_scripts.py):
 *
 *   <template data-controller="portal-start" data-portal-start-name-value="InlinePanel"
 *             data-portal-start-arguments-value="[…]"></template>
 *
 * Stimulus finds it, also in a form that is added to the page later.
 *
 * Typing also extends the session, so that saving a long text does not end at the login page
 * (portal.middleware.IdleMiddleware).
 */
(() => {
  const KEPT = document.currentScript.dataset.kept;
  const EVERY = 5 * 60 * 1000;
  let typed = false;
  document.addEventListener("input", () => {
    typed = true;
  });
  setInterval(() => {
    if (typed) fetch(KEPT).catch(() => {});
    typed = false;
  }, EVERY);

  // An allowlist: an element injected into a page must not be able to call, say, eval.
  const FUNCTIONS = /^(init(Date|Time|DateTime)Chooser|createTaskChooser)$/;
  const CLASSES = /^(InlinePanel|MultipleChooserPanel|\w*Chooser)$/;

  // Wagtail's calendar would replace a date that it cannot parse, such as 2026年9月5日, with another one. The form parses
  // the date or reports the error.
  const keepTypedDates = () => {
    const calendar = window.jQuery?.fn.datetimepicker;
    if (calendar) calendar.defaults.validateOnBlur = false;
  };

  class StartController extends window.StimulusModule.Controller {
    static values = { name: String, arguments: Array };

    // Runs once, like a script; connect() would run again whenever the form is moved.
    initialize() {
      const name = this.nameValue;
      if (FUNCTIONS.test(name)) {
        keepTypedDates();
        window[name](...this.argumentsValue);
      } else if (CLASSES.test(name)) {
        new window[name](...this.argumentsValue);
      }
    }
  }

  window.wagtail.app.register("portal-start", StartController);
})();
