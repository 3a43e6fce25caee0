// Loaded blocking, in the head, before any style is used: the first paint is already in the right theme. The
// choice is kept under the key that the Fluent components read, so that both always agree.
(function () {
  var root = document.documentElement;
  var system = window.matchMedia('(prefers-color-scheme: dark)');

  function chosen() {
    try {
      var stored = JSON.parse(localStorage.getItem('fluentui-blazor:theme-settings') || '{}');
      return stored.mode === 'dark' || stored.mode === 'light' ? stored.mode : 'system';
    } catch {
      return 'system';
    }
  }

  function apply() {
    var mode = chosen();
    root.dataset.themeChoice = mode;
    root.dataset.theme = mode === 'system' ? (system.matches ? 'dark' : 'light') : mode;
  }

  system.addEventListener('change', apply);
  window.addEventListener('storage', apply);
  window.watchhouseTheme = { chosen: chosen, apply: apply };
  // Navigation between static pages patches the document and drops what the server did not send.
  new MutationObserver(function () {
    if (!root.dataset.theme) apply();
  }).observe(root, { attributes: true, attributeFilter: ['data-theme'] });
  apply();
})();
