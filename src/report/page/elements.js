// Elements out of text: nothing in it is ever markup.

/// element('p.muted', {id: 'x', onclick: f}, 'text', child, null)
function element(kind, attributes, ...children) {
  const [tag, ...classes] = kind.split('.');
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(' ');
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const byId = (id) => document.getElementById(id);
const numberFormat = new Intl.NumberFormat('en');
const number = (value) => numberFormat.format(value);
const counted = (value, one, many) => `${number(value)} ${value === 1 ? one : many || `${one}s`}`;

function pill(tone, title) {
  return element(`span.pill.${tone}`, {}, title);
}

function pressed(button, on) {
  button.setAttribute('aria-pressed', String(on));
}

/// Previous, next, and where one is; null where all fits on one page.
function pager(label, start, size, total, go) {
  if (total <= size) return null;
  const step = (title, to, possible) =>
    element('button', {type: 'button', disabled: !possible, onclick: () => go(to)}, title);
  return element('nav.pager', {'aria-label': label},
    step('Previous', Math.max(0, start - size), start > 0),
    step('Next', start + size, start + size < total),
    element('span.muted.small', {}, `${number(start + 1)}–${number(Math.min(total, start + size))} of ${number(total)}`));
}
