/* The reader page: text on the left, findings on the right. Loaded by that page alone. */
(function () {
'use strict';
var doc = document;
function all(sel, from) { return Array.from((from || doc).querySelectorAll(sel)); }
function on(type, fn) { doc.addEventListener(type, fn); }
function up(event, sel) { return event.target.closest ? event.target.closest(sel) : null; }

/* reader: a finding and its words light up together */
function range(el) { return el.dataset.span.split('-').map(Number); }
function meets(a, b) { var x = range(a), y = range(b); return x[0] < y[1] && y[0] < x[1]; }
function lit(el) {
  all('[data-span].lit').forEach(function (o) { o.classList.remove('lit'); });
  if (el) all('[data-span]').forEach(function (o) { if (o === el || ((o.tagName === 'MARK') !== (el.tagName === 'MARK') && meets(o, el))) o.classList.add('lit'); });
}
function goTo(el) {
  var other = all('[data-span].lit').find(function (o) { return (o.tagName === 'MARK') !== (el.tagName === 'MARK'); });
  if (other) other.scrollIntoView({ block: 'center' });
}
['mouseover', 'focusin', 'click'].forEach(function (type) {
  on(type, function (e) {
    var el = up(e, '[data-span]');
    if (el) { lit(el); if (type === 'click' && !up(e, 'a,button,input,textarea,select,label')) goTo(el); } else if (type !== 'click') lit(null);
  });
});

/* reader: selected words become a finding; offsets count characters, not code units */
function chars(text) { return Array.from(text).length; }
on('mouseup', function (e) {
  var pane = up(e, '[data-select-target]'), sel = getSelection();
  if (!pane || sel.isCollapsed || !pane.contains(sel.anchorNode) || !pane.contains(sel.focusNode)) return;
  var target = doc.querySelector(pane.dataset.selectTarget), picked = sel.getRangeAt(0), before = picked.cloneRange();
  if (!target) return;
  before.selectNodeContents(pane); before.setEnd(picked.startContainer, picked.startOffset);
  var start = chars(before.toString()), text = picked.toString(), got = { start: start, end: start + chars(text), quote: text };
  Object.keys(got).forEach(function (k) {
    all('[name=' + k + ']', target).forEach(function (f) { f.value = got[k]; });
    all('[data-' + k + ']', target).forEach(function (f) { f.textContent = got[k]; });
  });
  target.hidden = false; target.scrollIntoView({ block: 'nearest' });
});
})();
