// The application of the tests, with the generated cors.js of the site that a request names.
import { sites } from '../../sites/index.mjs';

const headers = { 'X-Answered-By': 'application', 'X-Total-Count': '2', ETag: '"1"' };

function answer(request) {
  const { pathname } = new URL(request.url);
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  if (last === 'crashed') {
    throw new Error('database is down'); // Next.js answers, without the headers of this application
  }
  return Response.json({}, { status: { broken: 500, missing: 404, unknown: 401 }[last] ?? 200, headers });
}

const handlers = { GET: answer, OPTIONS: answer, POST: answer, PUT: answer, PATCH: answer, DELETE: answer };
const wrapped = Object.fromEntries(Object.entries(sites).map(([name, site]) => [name, site.withCors(handlers)]));

function route(request, context) {
  return wrapped[request.headers.get('x-concors-site')][request.method](request, context);
}

export { route as GET, route as HEAD, route as OPTIONS, route as POST, route as PUT, route as PATCH, route as DELETE };
