// Sets the theme before the first paint, so that a dark room stays dark. The app takes over from here.
(function () {
  var saved = null;
  try {
    saved = localStorage.getItem('arbintel.theme');
  } catch {
    // storage may be forbidden; the system's choice is used
  }
  var light = saved === 'light' || (saved !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches);
  document.documentElement.dataset.theme = light ? 'light' : 'dark';
})();
