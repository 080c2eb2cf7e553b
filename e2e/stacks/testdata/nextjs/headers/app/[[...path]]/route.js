// The application of the tests.
const headers = { 'X-Answered-By': 'application', 'X-Total-Count': '2', ETag: '"1"' };

function answer(request) {
  const { pathname } = new URL(request.url);
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  if (last === 'crashed') {
    throw new Error('database is down'); // Next.js answers, without the headers of this application
  }
  return Response.json({}, { status: { broken: 500, missing: 404, unknown: 401 }[last] ?? 200, headers });
}

export { answer as GET, answer as OPTIONS, answer as POST, answer as PUT, answer as PATCH, answer as DELETE };
