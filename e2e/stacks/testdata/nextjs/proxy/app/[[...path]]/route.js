// The application of the tests.
const headers = { 'X-Answered-By': 'application', 'X-Total-Count': '2', ETag: '"1"' };

function answer(request) {
  const { pathname } = new URL(request.url);
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  if (last === 'broken') {
    throw new Error('database is down');
  }
  return Response.json({}, { status: { missing: 404, unknown: 401 }[last] ?? 200, headers });
}

export { answer as GET, answer as OPTIONS, answer as POST, answer as PUT, answer as PATCH, answer as DELETE };
