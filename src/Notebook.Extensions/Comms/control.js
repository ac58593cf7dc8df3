(function () {
  'use strict';
  if (window.AttnControl) return;
  const sockets = {};

  // The classic Notebook lends outputs its own connection.
  function overNotebook(target, control, heard, ended) {
    const comm = window.Jupyter.notebook.kernel.comm_manager.new_comm(target, { control: control });
    comm.on_msg(message => heard(message.content.data));
    comm.on_close(ended);
    return data => comm.send(data);
  }

  // JupyterLab and Notebook 7 lend none; their server has a door to each kernel for who is on its page.
  function socketTo(kernel, page) {
    const known = sockets[kernel];
    if (known && known.readyState <= WebSocket.OPEN) return known;
    const address = new URL('api/kernels/' + kernel + '/channels', new URL(page.wsUrl || page.baseUrl, location.href));
    address.protocol = address.protocol.replace('http', 'ws');
    address.searchParams.set('session_id', name());
    if (page.token) address.searchParams.set('token', page.token);
    return sockets[kernel] = new WebSocket(address);
  }

  function overServer(page, kernel, target, control, heard, ended) {
    const socket = socketTo(kernel, page), comm = name();
    function send(type, content) {
      const header = { msg_id: name(), msg_type: type, session: comm, username: '', date: new Date().toISOString(), version: '5.3' };
      const text = JSON.stringify({ channel: 'shell', header: header, parent_header: {}, metadata: {}, content: Object.assign({ comm_id: comm }, content), buffers: [] });
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
      else socket.addEventListener('open', () => socket.send(text));
    }
    socket.addEventListener('message', event => {
      // All that the kernel shows to anyone passes here.
      if (typeof event.data !== 'string' || !event.data.includes(comm) && !event.data.includes('"status"')) return;
      const message = JSON.parse(event.data), type = message.header.msg_type, content = message.content;
      const ours = content.comm_id === comm;
      if (ours && type === 'comm_msg') heard(content.data);
      if (ours && type === 'comm_close' || type === 'status' && isEnd(message)) ended();
    });
    socket.addEventListener('close', ended);
    send('comm_open', { target_name: target, data: { control: control } });
    return data => send('comm_msg', { data: data });
  }

  // A kernel that is asked to restart says so last; the server tells of one that has died.
  function isEnd(status) {
    return status.parent_header.msg_type === 'shutdown_request' || ['restarting', 'dead'].includes(status.content.execution_state);
  }

  function name() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
  }

  function connect(target, control, kernel, heard, ended) {
    if (window.Jupyter && window.Jupyter.notebook && window.Jupyter.notebook.kernel) return overNotebook(target, control, heard, ended);
    const page = document.getElementById('jupyter-config-data');
    return page && kernel ? overServer(JSON.parse(page.textContent), kernel, target, control, heard, ended) : null;
  }

  // Connects a control that stands on the page; it stays disabled where there is no kernel to reach.
  window.AttnControl = function (target, control, kernel) {
    const box = document.getElementById(control), input = box.querySelector('input,select');
    let busy = false, waiting = false;
    const tell = connect(target, control, kernel, heard, () => live(false));
    if (!tell) return;
    function live(on) { input.disabled = !on; box.querySelector('small').hidden = on; }
    function send() {
      waiting = busy;
      if (busy) return;
      busy = true;
      tell({ value: Number(input.value) });
    }
    function heard(data) {
      box.querySelector('output').textContent = data.text;
      if (data.value !== undefined) { input.value = data.value; return; }
      busy = false;
      if (waiting) send();
    }
    input.addEventListener('input', send);
    live(true);
  };
})();
