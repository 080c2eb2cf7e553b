'use strict';

// What each page of the test has. The top page opens one for each origin, when it is first needed, and has them fetch.
addEventListener('message', async ({data, ports: [answer]}) => answer?.postMessage(await read(data)));

async function read({url, init}) {
  try {
    const response = await fetch(url, init);
    await response.text();
    return {threw: '', status: response.status, headers: [...response.headers.keys()]};
  } catch (e) {
    return {threw: String(e), status: 0, headers: []};
  }
}

const pages = new Map();

// pageOf returns the window of a page, which is in a frame. That of null is sandboxed.
function pageOf(origin) {
  if (!pages.has(origin)) {
    pages.set(origin, openPage(origin));
  }
  return pages.get(origin);
}

function openPage(origin) {
  return new Promise((resolve, reject) => {
    const frame = document.createElement('iframe');
    addEventListener('message', (event) => {
      if (event.source === frame.contentWindow && event.data === 'open') {
        event.origin === origin ? resolve(frame.contentWindow) : reject(new Error(`${origin} is ${event.origin}`));
      }
    });
    frame.onload = () => setTimeout(reject, 10000, new Error(`${origin} did not open`));
    frame.src = `${origin}/`;
    if (origin === 'null') {
      frame.src = 'http://sandboxed.example/';
      frame.sandbox = 'allow-scripts';
    }
    document.body.append(frame);
  });
}

async function ask({page, url, init}) {
  const other = await pageOf(page);
  return new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = ({data}) => resolve(data);
    other.postMessage({url, init}, '*', [port2]);
  });
}

// askAll has pages make calls: each page one after another, and all pages at once.
function askAll(calls) {
  const last = {};
  return Promise.all(calls.map((call) => {
    last[call.page] = Promise.resolve(last[call.page]).then(() => ask(call));
    return last[call.page];
  }));
}

if (parent !== self) {
  parent.postMessage('open', '*');
}
