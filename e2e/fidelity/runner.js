'use strict';

// The page's side of a theatre: run() makes the fetches of a batch of scenarios and tells what the page got to see.

const bodies = {
  text: (request) => 'x'.repeat(request.body_length || 4),
  urlencoded: () => new URLSearchParams('a=b'),
  multipart: () => { const form = new FormData(); form.append('a', 'b'); return form; },
  'json-blob': () => new Blob(['{}'], {type: 'application/json'}),
  bytes: () => new Uint8Array([1, 2, 3]),
  stream: () => new ReadableStream({start(c) { c.enqueue(new TextEncoder().encode('x')); c.close(); }}),
};

const timeout = 15000;

async function byFetch(request) {
  const init = {method: request.method, headers: request.headers, signal: AbortSignal.timeout(timeout)};
  for (const name of ['mode', 'credentials', 'redirect', 'cache']) {
    if (request[name]) init[name] = request[name];
  }
  if (request.keepalive) init.keepalive = true;
  if (request.body) init.body = bodies[request.body](request);
  if (request.body === 'stream') init.duplex = 'half';
  const response = await fetch(request.url, init);
  const seen = {type: response.type, status: response.status, url: response.url, headers: [...response.headers.keys()]};
  if (response.body) await response.text().catch(() => 0);
  return seen;
}

function byXHR(request) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(request.method, request.url);
    xhr.timeout = timeout;
    xhr.withCredentials = request.credentials === 'include';
    for (const [name, value] of request.headers) xhr.setRequestHeader(name, value);
    if (request.upload_listener) xhr.upload.onprogress = () => 0;
    xhr.ontimeout = () => reject(new Error('timeout'));
    xhr.onerror = () => reject(new Error('error'));
    xhr.onload = () => {
      const lines = xhr.getAllResponseHeaders().split('\r\n').filter(Boolean);
      resolve({type: '', status: xhr.status, url: xhr.responseURL, headers: lines.map((l) => l.split(':')[0].toLowerCase())});
    };
    xhr.send(request.body ? bodies[request.body](request) : null);
  });
}

// byElement loads through a feature that tells no more than whether it worked, and not always that.
function byElement(request) {
  const worked = {type: '', status: 0, url: '', headers: null};
  const unknown = {...worked, unknown: true};
  const later = () => new Promise((resolve) => setTimeout(() => resolve(unknown), 2500));
  const crossOrigin = request.mode !== 'cors' ? null : request.credentials === 'include' ? 'use-credentials' : 'anonymous';
  const load = (tag, properties, into) => new Promise((resolve, reject) => {
    const element = document.createElement(tag);
    if (crossOrigin) element.crossOrigin = crossOrigin;
    element.onload = () => { element.remove(); resolve(worked); };
    element.onerror = () => { element.remove(); reject(new Error('error')); };
    Object.assign(element, properties);
    if (into) into.append(element);
  });
  const inFrame = (act) => {
    const frame = document.createElement('iframe');
    frame.name = 'f' + Math.random();
    document.body.append(frame);
    act(frame);
    return later().finally(() => frame.remove());
  };
  switch (request.initiator) {
    case 'img': return load('img', {src: request.url});
    case 'script': return load('script', {src: request.url}, document.head);
    case 'module-script': return load('script', {type: 'module', src: request.url}, document.head);
    case 'style': return load('link', {rel: 'stylesheet', href: request.url}, document.head);
    case 'font':
      // What arrives is no font, which engines do not tell apart from a network error.
      return new FontFace('f' + Math.random(), `url(${request.url})`).load().then(() => unknown, () => unknown);
    case 'media': {
      const video = document.createElement('video');
      if (crossOrigin) video.crossOrigin = crossOrigin;
      video.src = request.url;
      return later();
    }
    case 'css-image': {
      const box = document.createElement('div');
      box.textContent = 'x';
      box.style.cssText = `width: 9px; height: 9px; float: left; shape-outside: url(${request.url})`;
      document.body.append(box);
      return later().finally(() => box.remove());
    }
    case 'event-source': return new Promise((resolve, reject) => {
      const source = new EventSource(request.url, {withCredentials: request.credentials === 'include'});
      source.onopen = () => { source.close(); resolve(worked); };
      source.onerror = () => { source.close(); reject(new Error('error')); };
    });
    case 'worker': return new Promise((resolve, reject) => {
      const worker = new Worker(request.url);
      worker.onmessage = () => { worker.terminate(); resolve(worked); };
      worker.onerror = () => reject(new Error('error'));
    });
    case 'beacon':
      navigator.sendBeacon(request.url, request.body ? bodies[request.body](request) : undefined);
      return later();
    case 'websocket':
      new WebSocket(request.url).onerror = () => 0;
      return later();
    case 'iframe': return inFrame((frame) => { frame.src = request.url; });
    case 'link': return inFrame((frame) => { Object.assign(document.createElement('a'), {href: request.url, target: frame.name}).click(); });
    case 'form': return inFrame((frame) => {
      const form = Object.assign(document.createElement('form'), {action: request.url, method: request.method, target: frame.name});
      document.body.append(form);
      form.submit();
      form.remove();
    });
  }
  throw new Error('cannot stage ' + request.initiator);
}

async function make(request) {
  try {
    switch (request.initiator) {
      case 'fetch': return await byFetch(request);
      case 'xhr': return await byXHR(request);
      default: return await byElement(request);
    }
  } catch (e) {
    return {threw: `${e.name}: ${e.message}`};
  }
}

async function play(scenario) {
  const start = performance.now();
  const fetches = [];
  for (const [i, request] of scenario.fetches.entries()) {
    if (scenario.fetches.length > 1) await fetch(`${scenario.home}/next/${scenario.id}/${i}`, {method: 'POST'});
    const wait = request.at * 1000 - (performance.now() - start);
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const at = (performance.now() - start) / 1000;
    fetches.push({...await make(request), at});
  }
  return {id: scenario.id, fetches};
}

async function runHere(batch, atOnce) {
  const results = [];
  const queue = batch.slice();
  const worker = async () => {
    while (queue.length) results.push(await play(queue.shift()));
  };
  await Promise.all(Array.from({length: atOnce}, worker));
  return results;
}

globalThis.run = runHere;

// In a sandboxed frame, run for the parent; in the parent, have the frame run.
function serveParent() {
  addEventListener('message', async (event) => {
    parent.postMessage(await runHere(event.data.batch, event.data.atOnce), '*');
  });
}

function useFrame() {
  const ready = new Promise((resolve) => addEventListener('load', resolve));
  globalThis.run = async (batch, atOnce) => {
    await ready;
    const answer = new Promise((resolve) => addEventListener('message', (event) => resolve(event.data), {once: true}));
    frames[0].postMessage({batch, atOnce}, '*');
    return answer;
  };
}
