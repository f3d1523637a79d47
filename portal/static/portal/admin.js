/*
 * What Wagtail starts by inline scripts, which the content security policy forbids, is started here.
 * Where the script stood, an element names what to start (templates/wagtailadmin/, portal/inline_scripts.py):
 *
 *   <template data-controller="portal-start" data-portal-start-name-value="InlinePanel"
 *             data-portal-start-arguments-value="[…]"></template>
 *
 * Stimulus finds it, also in a form that is added to the page later.
 *
 * Whoever writes is not idle: while somebody types, the session is kept, so that a long text does not meet a login page
 * when it is saved (portal.middleware.IdleMiddleware).
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

  // Nothing else may be started: an element smuggled into a page must not reach, say, eval.
  const FUNCTIONS = /^(init(Date|Time|DateTime)Chooser|createTaskChooser)$/;
  const CLASSES = /^(InlinePanel|MultipleChooserPanel|\w*Chooser)$/;

  // Wagtail's calendar would put another day in the place of what it cannot read, such as 2026年9月5日: the form reads
  // it, or says what is wrong with it.
  const keepTypedDates = () => {
    const calendar = window.jQuery?.fn.datetimepicker;
    if (calendar) calendar.defaults.validateOnBlur = false;
  };

  class StartController extends window.StimulusModule.Controller {
    static values = { name: String, arguments: Array };

    // Once, as a script would run: connect() would run again whenever the form is moved.
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
