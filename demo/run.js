// Makes the requests of the page in this browser, one after another, and shows what came of each beside what was
// predicted. What a script can tell is told in the same words as there.

function load({url, crossOrigin}) {
  return new Promise((resolve) => {
    const image = new Image();
    if (crossOrigin) image.crossOrigin = crossOrigin;
    image.onload = () => resolve('allowed');
    image.onerror = () => resolve('blocked');
    image.src = url;
  });
}

async function ask({url, init}, reads) {
  let response;
  try {
    response = await fetch(url, init);
    await response.text();
  } catch {
    return 'blocked';
  }
  if (response.type === 'opaque') return `opaque, status ${response.status}`;
  const result = `allowed, status ${response.status}`;
  return reads ? `${result}, ${reads}: ${response.headers.get(reads)}` : result;
}

async function make({calls, reads}) {
  let result;
  for (const call of JSON.parse(calls)) {
    result = await (call.initiator === 'img' ? load(call) : ask(call, reads));
  }
  return result;
}

async function run(row) {
  const shown = row.querySelector('.result');
  shown.textContent = 'running';
  const result = await make(row.dataset);
  const equal = result === row.dataset.predicted;
  row.dataset.result = result;
  const verdict = Object.assign(document.createElement('span'), {textContent: equal ? 'as predicted' : 'not as predicted'});
  shown.classList.add(result.split(',')[0]);
  shown.replaceChildren(result, ' ', verdict);
  row.classList.add(equal ? 'equal' : 'differs');
  return equal;
}

// A page that is loaded past the cache asks past it until it has loaded, images included.
if (document.readyState !== 'complete') await new Promise((resolve) => addEventListener('load', resolve));

const rows = document.querySelectorAll('.run');
let equal = 0;
for (const row of rows) {
  if (await run(row)) equal++;
}
document.querySelector('#summary').textContent =
  `This browser did what was predicted in ${equal} of ${rows.length} cases: each mistake, and each again with the fix.`;
document.documentElement.dataset.done = '';
