(function () {
  var box = document.getElementById('search'), found = document.getElementById('found');
  var items = Array.from(document.querySelectorAll('[data-text]'));
  box.addEventListener('input', function () {
    var words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    items.forEach(function (item) {
      item.hidden = !words.every(function (word) { return item.dataset.text.indexOf(word) >= 0; });
    });
    document.querySelectorAll('.group').forEach(function (group) {
      group.hidden = !group.querySelector('[data-text]:not([hidden])');
    });
    var cards = document.querySelectorAll('.card:not([hidden])').length, claims = document.querySelectorAll('tr:not([hidden])').length;
    found.textContent = words.length ? cards + ' notebooks, ' + claims + ' claims' : '';
  });
})();
