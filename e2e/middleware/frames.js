'use strict';

// What each page of the test has: it fetches for whoever asks, and tells what it could read.
addEventListener('message', async ({data: {url, init}, ports: [answer]}) => {
  try {
    const response = await fetch(url, init);
    await response.text();
    answer.postMessage({threw: '', status: response.status, headers: [...response.headers.keys()]});
  } catch (e) {
    answer.postMessage({threw: String(e), status: 0, headers: []});
  }
});

// ask has the page in a frame fetch.
function ask(frame, url, init) {
  return new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = ({data}) => resolve(data);
    document.getElementById(frame).contentWindow.postMessage({url, init}, '*', [port2]);
  });
}
