/* Comfort over working pages: everything here has a way without script. No eval, no inline. */
(function () {
'use strict';
var doc = document, root = doc.documentElement, body = doc.body, live = doc.getElementById('live');
var words = live ? live.dataset : {};
function all(sel, from) { return Array.from((from || doc).querySelectorAll(sel)); }
function on(type, fn, opts) { doc.addEventListener(type, fn, opts); }
function up(event, sel) { return event.target.closest ? event.target.closest(sel) : null; }
function say(text) { if (live) live.textContent = text; }
function make(tag, cls, text) { var el = doc.createElement(tag); el.className = cls; el.textContent = text || ''; return el; }
function store(fn) { try { return fn(localStorage); } catch (e) { return null; } }

/* toasts */
function toast(text, button, act) {
  var el = make('div', 'toast', text), box = doc.getElementById('toasts');
  if (!box) return;
  if (button) { var b = make('button', 'link', button); b.onclick = function () { act(); el.remove(); }; el.append(b); }
  box.append(el); say(text);
  setTimeout(function () { el.remove(); }, button ? 10000 : 4000);
}
function undoable(el) {
  var left = 10, tick = el.querySelector('[data-left]'), box = doc.getElementById('toasts');
  el.className = 'toast'; el.removeAttribute('data-toast'); if (box) box.append(el);
  (function step() {
    if (left < 1) return el.remove();
    if (tick) tick.textContent = left;
    left--; setTimeout(step, 1000);
  })();
}

/* theme, size, contrast: same cookie as the server writes */
on('submit', function (e) {
  var form = up(e, '[data-look]'), b = e.submitter;
  if (!form || !b) return;
  e.preventDefault();
  var d = root.dataset, sizes = ['normal', 'large', 'xlarge'];
  if (b.name === 'size') d.size = sizes[(Math.max(0, sizes.indexOf(d.size)) + 1) % 3];
  else if (b.name === 'theme') d.theme = (d.theme || (matchMedia('(prefers-color-scheme:dark)').matches ? 'dark' : 'light')) === 'dark' ? 'light' : 'dark';
  else { d.contrast = d.contrast === 'more' ? 'normal' : 'more'; b.setAttribute('aria-pressed', d.contrast === 'more'); }
  doc.cookie = 'look=' + [d.theme || '', d.size || '', d.contrast || ''].join('.') + ';path=/;max-age=31536000;samesite=lax' + (location.protocol === 'https:' ? ';secure' : '');
});

/* palette */
var pal = doc.getElementById('palette'), hits = doc.getElementById('hits'), ask, turn = 0;
function choose(step) {
  var list = all('a', hits), now = list.findIndex(function (a) { return a.getAttribute('aria-selected') === 'true'; });
  if (!list.length) return;
  var next = (now + step + list.length) % list.length;
  list.forEach(function (a, i) { a.id = 'hit' + i; a.setAttribute('aria-selected', i === next); });
  list[next].scrollIntoView({ block: 'nearest' });
  pal.querySelector('input').setAttribute('aria-activedescendant', 'hit' + next);
}
function lookUp() {
  var mine = ++turn;
  fetch(pal.dataset.url + '?q=' + encodeURIComponent(pal.querySelector('input').value), { headers: { 'HX-Request': 'true' }, credentials: 'same-origin' })
    .then(function (r) { if (!r.ok) throw r; return r.text(); })
    .then(function (html) { if (mine === turn) { hits.innerHTML = html; choose(1); } })
    .catch(function () { hits.textContent = words.failed; });
}
function openPalette() { if (pal && !pal.open) { pal.showModal(); pal.querySelector('input').select(); lookUp(); } }
if (pal) {
  pal.addEventListener('input', function () { clearTimeout(ask); ask = setTimeout(lookUp, 120); });
  pal.addEventListener('keydown', function (e) {
    if (e.isComposing) return;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') { e.preventDefault(); choose(e.key === 'ArrowDown' ? 1 : -1); }
    var at = hits.querySelector('[aria-selected=true]');
    if (e.key === 'Enter' && at) { e.preventDefault(); at.click(); }
  });
}

/* keys: Ctrl K and / for the palette; j k Enter x and a row's own data-key in lists */
function rows() { return all('[data-list] [data-row]').filter(function (r) { return r.offsetParent; }); }
function move(step) {
  var list = rows(), now = list.findIndex(function (r) { return r.classList.contains('at'); });
  if (!list.length) return;
  var next = Math.min(list.length - 1, Math.max(0, now + step));
  list.forEach(function (r, i) { r.classList.toggle('at', i === next); });
  var link = list[next].querySelector('a[href]');
  if (link) link.focus({ preventScroll: true });
  list[next].scrollIntoView({ block: 'nearest' });
}
on('keydown', function (e) {
  if (e.isComposing || e.defaultPrevented) return;
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k' && pal) { e.preventDefault(); return openPalette(); }
  if (e.ctrlKey || e.metaKey || e.altKey || up(e, 'input,textarea,select,dialog,[contenteditable]')) return;
  var at = doc.querySelector('[data-row].at'), hit = null;
  if (e.key === '/' && pal) { e.preventDefault(); openPalette(); }
  else if (e.key === 'j') move(1);
  else if (e.key === 'k') move(-1);
  else if (at && /^[a-z]$/.test(e.key)) {
    hit = e.key === 'x' ? at.querySelector('.pick') : at.querySelector('[data-key=' + e.key + ']');
    if (hit) { e.preventDefault(); hit.click(); }
  } else if (e.key === 'Enter' && at && !up(e, 'a,button,summary')) { hit = at.querySelector('a[href]'); if (hit) hit.click(); }
});

/* rows chosen for a bulk act */
function count(form) {
  var n = all('.pick:checked', form).length, whole = form.querySelector('[data-all]'), bar = form.querySelector('.bulk');
  if (bar) { bar.hidden = !n; all('[data-count]', bar).forEach(function (el) { el.textContent = n; }); }
  if (whole) { var of = all('.pick', form).length; whole.checked = n > 0 && n === of; whole.indeterminate = n > 0 && n < of; }
}
on('change', function (e) {
  var form = up(e, '[data-bulk]');
  if (!form) return;
  if (e.target.matches('[data-all]')) all('.pick', form).forEach(function (p) { p.checked = e.target.checked; });
  count(form);
});

/* drafts and unsaved work; nothing of a classified page is kept in the browser */
var dirty = null, timer;
function draftKey(form) { return 'draft:' + (body.dataset.me || '') + ':' + form.dataset.draft; }
function kept(form) { return Array.from(form.elements).filter(function (f) { return f.name && f.name[0] !== '_' && !/csrf/.test(f.name) && !/^(password|file|hidden|submit|button|fieldset)$/.test(f.type); }); }
function save(form) {
  if ('secret' in body.dataset) return;
  var got = kept(form).map(function (f) { return f.multiple ? Array.from(f.options).map(function (o) { return o.selected; }) : /^(checkbox|radio)$/.test(f.type) ? f.checked : f.value; });
  store(function (s) { s.setItem(draftKey(form), JSON.stringify(got)); });
}
function fill(form, got) {
  kept(form).forEach(function (f, i) {
    if (got[i] === undefined) return;
    if (f.multiple) Array.from(f.options).forEach(function (o, j) { o.selected = got[i][j]; });
    else if (/^(checkbox|radio)$/.test(f.type)) f.checked = got[i]; else f.value = got[i];
  });
}
function restore(form) {
  var key = draftKey(form), sent = store(function () { return sessionStorage.getItem('sent'); }), got;
  if (doc.querySelector('.errsum')) return store(function () { sessionStorage.removeItem('sent'); });
  if (sent === key) { store(function (s) { s.removeItem(key); sessionStorage.removeItem('sent'); }); return; }
  try { got = JSON.parse(store(function (s) { return s.getItem(key); })); } catch (e) { got = null; }
  if (!got || got.length !== kept(form).length) return;
  fill(form, got);
  toast(words.restored, words.drop, function () { store(function (s) { s.removeItem(key); }); form.reset(); dirty = null; });
}
on('input', function (e) {
  var form = up(e, 'form[data-draft],form[data-guard]');
  if (!form) return;
  dirty = form;
  if (form.dataset.draft) { clearTimeout(timer); timer = setTimeout(save, 500, form); }
});
on('submit', function (e) {
  if (e.defaultPrevented) return;
  var form = e.target;
  if (form === dirty) dirty = null;
  if (form.dataset.draft) { clearTimeout(timer); save(form); store(function () { sessionStorage.setItem('sent', draftKey(form)); }); }
  if ('signout' in form.dataset) store(function (s) { Object.keys(s).forEach(function (k) { if (!k.indexOf('draft:')) s.removeItem(k); }); });
});
addEventListener('beforeunload', function (e) { if (dirty && dirty.isConnected) { e.preventDefault(); e.returnValue = words.leave; } });

/* confirming, by typed word where the act cannot be undone */
var box = doc.getElementById('confirm');
on('submit', function (e) {
  var form = e.target, b = e.submitter, ds = b && b.dataset.confirm ? b.dataset : form.dataset;
  if (!box || !ds.confirm || form.dataset.sure) return;
  e.preventDefault(); e.stopImmediatePropagation();
  var part = box.querySelector('[data-word]'), input = part.querySelector('input'), yes = box.querySelector('[value=yes]');
  box.querySelector('h2').textContent = ds.confirm;
  part.hidden = !ds.confirmWord; part.querySelector('b').textContent = ds.confirmWord || ''; input.value = '';
  function check() { yes.disabled = !!ds.confirmWord && input.value.trim() !== ds.confirmWord; }
  input.oninput = check; check(); box.returnValue = '';
  box.onclose = function () {
    if (box.returnValue !== 'yes' || yes.disabled) return b && b.focus();
    if (ds.confirmWord) { var h = form.elements.confirm_word || form.appendChild(make('input', '')); h.type = 'hidden'; h.name = 'confirm_word'; h.value = ds.confirmWord; }
    form.dataset.sure = 1; form.requestSubmit(b); delete form.dataset.sure;
  };
  box.showModal();
}, true);

/* copying */
on('click', function (e) {
  var b = up(e, '[data-copy]');
  if (up(e, '[data-palette]') && pal) { e.preventDefault(); openPalette(); }
  if (e.target === pal) pal.close();
  if (!b) return;
  var from = /^#/.test(b.dataset.copy) && doc.querySelector(b.dataset.copy), area = doc.createElement('textarea');
  area.value = from ? from.textContent : b.dataset.copy;
  body.append(area); area.select(); doc.execCommand('copy'); area.remove(); b.focus();
  toast(words.copied);
});

/* every piece of page, at first and after a swap */
function ready(part) {
  all('[data-toast]', part).forEach(undoable);
  all('[data-bulk]', part).forEach(count);
  var wrong = part.querySelector('.errsum'), head = wrong || part.querySelector('[data-focus]');
  if (head) { if (!head.hasAttribute('tabindex')) head.tabIndex = -1; head.focus(); }
  all('[data-announce]', part).forEach(function (el) { say(el.dataset.announce); });
}
on('htmx:afterSettle', function (e) { ready(e.detail.elt); });
on('htmx:oobAfterSwap', function (e) { ready(e.detail.target); });
on('htmx:responseError', function () { toast(words.failed); });
on('htmx:sendError', function () { toast(words.offline); });
all('form[data-draft]').forEach(restore);
ready(doc);
})();
