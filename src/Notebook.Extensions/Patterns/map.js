(function () {
  'use strict';
  if (window.AttnMap) return;
  const NAN = 65535, TOP = 65534, WINDOW = 40, ROW = 17, SIDE = 520;

  function add(parent, tag, style, text) {
    const node = parent.appendChild(document.createElement(tag));
    node.style.cssText = style || '';
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function choice(parent, label, names, changed) {
    const box = add(parent, 'label', 'margin-right:12px', label + ' ');
    const select = add(box, 'select');
    names.forEach((name, i) => { const option = add(select, 'option', '', name); option.value = i; });
    select.onchange = () => changed(+select.value);
    return select;
  }

  function decode(text) {
    const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
    return new Uint16Array(bytes.buffer);
  }

  // A drawing in an img shows everywhere, but without the values under the pointer.
  function unfold(image) {
    image.outerHTML = new TextDecoder().decode(Uint8Array.from(atob(image.src.split(',')[1]), c => c.charCodeAt(0)));
  }

  window.AttnMap = function (place) {
    const map = JSON.parse(place.querySelector('script').textContent);
    const data = decode(map.data), still = place.querySelector('.attn-map-still');
    const size = map.rows * map.cols;
    let head = 0;
    still.querySelectorAll('img[src^="data:image/svg+xml"]').forEach(unfold);

    const raw = (r, c) => data[head * size + r * map.cols + c];
    const value = (r, c) => raw(r, c) === NAN ? NaN : map.low + raw(r, c) / TOP * (map.high - map.low);
    function color(share) {
      const at = Math.min(Math.max(share, 0), 1) * (map.stops.length - 1), i = Math.min(Math.floor(at), map.stops.length - 2);
      return map.stops[i].map((a, n) => Math.round(a + (map.stops[i + 1][n] - a) * (at - i)));
    }
    function name(names, i, cells, tokens, word) {
      const from = Math.floor(i * tokens / cells), to = Math.ceil((i + 1) * tokens / cells) - 1;
      const place = to > from ? word + 's ' + from + '–' + to : word + ' ' + from;
      return names && to === from ? names[from] + ' (' + place + ')' : place;
    }
    const query = r => name(map.q, r, map.rows, map.queries, 'query');
    const key = c => name(map.k, c, map.cols, map.keys, 'key');
    const told = (r, c) => query(r) + ' → ' + key(c) + ': ' + Number(value(r, c).toPrecision(3));

    const bar = add(place, 'div', 'margin:4px 0;font-size:13px');
    place.insertBefore(bar, still);
    const stage = add(place, 'div', 'display:none');
    const say = add(place, 'div', 'font-size:13px;min-height:1.4em');
    say.setAttribute('aria-live', 'polite');
    const views = ['heads', 'matrix', 'lines'];
    const viewBox = choice(bar, 'view', ['all heads', 'one head as a matrix', 'one head as lines'], i => show(views[i]));
    const names = [];
    for (let l = 0; l < map.layers; l++)
      for (let h = 0; h < map.heads; h++) names.push(map.layers > 1 ? 'layer ' + l + ', head ' + h : 'head ' + h);
    const headBox = choice(bar, 'of', names, i => { head = i; show(views[viewBox.value]); });

    function show(view) {
      viewBox.value = views.indexOf(view);
      headBox.value = head;
      headBox.parentNode.style.display = view === 'heads' || names.length === 1 ? 'none' : '';
      still.style.display = view === 'heads' ? '' : 'none';
      stage.style.display = view === 'heads' ? 'none' : '';
      stage.textContent = say.textContent = '';
      if (view === 'matrix') matrix();
      if (view === 'lines') lines();
    }

    function picture() {
      const canvas = document.createElement('canvas'), ink = canvas.getContext('2d');
      canvas.width = map.cols; canvas.height = map.rows;
      const image = ink.createImageData(map.cols, map.rows);
      for (let i = 0; i < size; i++) {
        const v = data[head * size + i], rgb = v === NAN ? [200, 204, 210] : color(v / TOP);
        image.data.set([rgb[0], rgb[1], rgb[2], 255], 4 * i);
      }
      ink.putImageData(image, 0, 0);
      return canvas;
    }

    function matrix() {
      const image = picture(), least = Math.min(SIDE / map.cols, SIDE / map.rows);
      const canvas = add(stage, 'canvas', 'border:1px solid #9aa5b1;cursor:grab;max-width:100%');
      canvas.width = Math.ceil(map.cols * least); canvas.height = Math.ceil(map.rows * least);
      canvas.tabIndex = 0;
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', 'attention matrix, ' + names[head]);
      add(stage, 'div', 'font-size:12px;opacity:.7', 'Click, then turn the wheel or press + and − to zoom; drag or press the arrows to move; 0 shows it whole.');
      let zoom = least, x = 0, y = 0, held = null;
      function draw() {
        zoom = Math.max(zoom, least);
        x = Math.min(Math.max(x, 0), map.cols - canvas.width / zoom);
        y = Math.min(Math.max(y, 0), map.rows - canvas.height / zoom);
        const ink = canvas.getContext('2d');
        ink.imageSmoothingEnabled = false;
        ink.fillStyle = '#fff';
        ink.fillRect(0, 0, canvas.width, canvas.height);
        ink.drawImage(image, -x * zoom, -y * zoom, map.cols * zoom, map.rows * zoom);
      }
      function at(event) {
        const box = canvas.getBoundingClientRect();
        return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
      }
      function scale(factor, px, py) {
        const next = Math.min(Math.max(zoom * factor, least), 64);
        x += px / zoom - px / next; y += py / zoom - py / next; zoom = next;
        draw();
      }
      canvas.onwheel = event => {
        if (document.activeElement !== canvas) return;
        event.preventDefault();
        scale(event.deltaY < 0 ? 1.25 : 0.8, ...at(event));
      };
      canvas.onkeydown = event => {
        const step = 0.1 * canvas.width / zoom;
        const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
        if (event.key === '+' || event.key === '=') scale(1.5, canvas.width / 2, canvas.height / 2);
        else if (event.key === '-') scale(1 / 1.5, canvas.width / 2, canvas.height / 2);
        else if (event.key === '0') { zoom = least; draw(); }
        else if (moves[event.key]) { x += moves[event.key][0]; y += moves[event.key][1]; draw(); }
        else return;
        event.preventDefault();
        event.stopPropagation();
      };
      canvas.onpointerdown = event => { canvas.focus(); held = at(event); canvas.setPointerCapture(event.pointerId); };
      canvas.onpointerup = () => { held = null; };
      canvas.onpointermove = event => {
        const [px, py] = at(event);
        if (held) { x -= (px - held[0]) / zoom; y -= (py - held[1]) / zoom; held = [px, py]; draw(); }
        const c = Math.floor(x + px / zoom), r = Math.floor(y + py / zoom);
        if (r >= 0 && c >= 0 && r < map.rows && c < map.cols) say.textContent = told(r, c);
      };
      draw();
    }

    function lines() {
      const count = Math.min(Math.max(map.rows, map.cols), WINDOW), last = Math.max(map.rows, map.cols) - count;
      const width = 560, left = 190, right = width - 190;
      const canvas = document.createElement('canvas');
      canvas.style.cssText = 'max-width:100%';
      canvas.width = width; canvas.height = count * ROW + 8;
      let from = 0, only = -1;
      if (last > 0) {
        const box = add(stage, 'label', 'font-size:13px', 'from ');
        const slider = add(box, 'input', 'vertical-align:middle;width:260px');
        slider.type = 'range'; slider.max = last; slider.value = 0;
        slider.oninput = () => { from = +slider.value; draw(); };
      }
      stage.appendChild(canvas);
      add(stage, 'div', 'font-size:12px;opacity:.7', 'Queries on the left, keys on the right. Point at a query to see its lines alone.');
      const reach = Math.max(Math.abs(map.low), Math.abs(map.high)) || 1;
      const height = i => (i - from + 0.5) * ROW + 4;
      function draw() {
        const ink = canvas.getContext('2d');
        ink.clearRect(0, 0, width, canvas.height);
        ink.font = '12px sans-serif';
        ink.textBaseline = 'middle';
        const rowEnd = Math.min(from + count, map.rows), colEnd = Math.min(from + count, map.cols);
        for (let r = from; r < rowEnd; r++)
          for (let c = from; c < colEnd; c++) {
            const share = Math.abs(value(r, c)) / reach;
            if (!(share > 0.02) || (only >= 0 && only !== r)) continue;
            ink.strokeStyle = value(r, c) < 0 ? '#d55e00' : '#0072b2';
            ink.globalAlpha = share;
            ink.lineWidth = 1 + 2 * share;
            ink.beginPath(); ink.moveTo(left, height(r)); ink.lineTo(right, height(c)); ink.stroke();
          }
        ink.globalAlpha = 1;
        ink.fillStyle = '#52606d';
        const short = text => text.length > 26 ? text.slice(0, 25) + '…' : text;
        ink.textAlign = 'right';
        for (let r = from; r < rowEnd; r++) ink.fillText(short(query(r)), left - 6, height(r));
        ink.textAlign = 'left';
        for (let c = from; c < colEnd; c++) ink.fillText(short(key(c)), right + 6, height(c));
      }
      canvas.onpointermove = event => {
        const box = canvas.getBoundingClientRect();
        const r = from + Math.floor(((event.clientY - box.top) * canvas.height / box.height - 4) / ROW);
        if (r === only || r < from || r >= Math.min(from + count, map.rows)) return;
        only = r;
        let best = 0;
        for (let c = 1; c < map.cols; c++) if (Math.abs(value(r, c)) > Math.abs(value(r, best))) best = c;
        say.textContent = 'most: ' + told(r, best);
        draw();
      };
      canvas.onpointerleave = () => { only = -1; draw(); };
      draw();
    }

    still.querySelectorAll('[data-head]').forEach(node => {
      node.style.cursor = 'zoom-in';
      node.addEventListener('click', () => { head = +node.getAttribute('data-head'); show('matrix'); });
    });
    show(map.view);
  };
})();
