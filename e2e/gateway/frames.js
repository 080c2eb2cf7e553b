'use strict';

// What each page of the test has: it fetches, or opens a WebSocket, for whoever asks, and tells what it got.
addEventListener('message', async ({data: {url, init}, ports: [answer]}) => {
  answer.postMessage(url.startsWith('ws:') ? await greet(url) : await read(url, init));
});

// read fetches as a browser does that has made no request before.
async function read(url, init) {
  try {
    const response = await fetch(url, {cache: 'no-store', ...init});
    const body = await response.text();
    return {threw: '', status: response.status, headers: [...response.headers.keys()], body};
  } catch (e) {
    return {threw: String(e), status: 0, headers: [], body: ''};
  }
}

// greet says hello on a WebSocket and returns what comes back.
function greet(url) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onopen = () => socket.send('hello');
    socket.onmessage = ({data}) => {
      resolve({threw: '', status: 101, headers: [], body: data});
      socket.close();
    };
    socket.onclose = ({code}) => resolve({threw: `closed with ${code}`, status: 0, headers: [], body: ''});
  });
}

// ask has the page in a frame do it.
function ask(frame, url, init) {
  return new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = ({data}) => resolve(data);
    document.getElementById(frame).contentWindow.postMessage({url, init}, '*', [port2]);
  });
}
