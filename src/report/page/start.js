// Theme, printing, and the order in which the page is built.

function startTheme() {
  const button = byId('theme');
  const wanted = matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : wanted.matches);
  const label = () => { button.textContent = isDark() ? 'Light theme' : 'Dark theme'; };
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    label();
  });
  wanted.addEventListener('change', label);
  label();
}

function startPrinting(list) {
  byId('print').addEventListener('click', () => window.print());
  const show = (printing) => {
    list.printing = printing;
    list.start = 0;
    list.showGroups();
  };
  window.addEventListener('beforeprint', () => show(true));
  window.addEventListener('afterprint', () => show(false));
}

function start() {
  startTheme();
  const data = readData();
  const list = new List(data);
  showOverview(data, list);
  showScore(data);
  showFirst(data, list);
  showMap(data, list);
  showNotes(data);
  startPrinting(list);
}

start();
