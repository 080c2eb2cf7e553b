// The application of the tests, with the generated cors.js as its comment says.
const fastify = require('fastify');

async function answer(req, reply) {
  reply.headers({ 'X-Answered-By': 'application', 'X-Total-Count': '2', ETag: '"1"' });
  const path = req.url.split('?', 1)[0];
  if (path.endsWith('/broken')) {
    throw new Error('database is down');
  }
  reply.code({ missing: 404, unknown: 401 }[path.slice(path.lastIndexOf('/') + 1)] || 200);
  return {};
}

async function main() {
  const app = fastify();
  await require('./cors')(app);
  app.setNotFoundHandler(answer);
  app.route({ method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], url: '/*', handler: answer });
  await app.listen({ port: process.env.PORT, host: process.env.HOST });
}

main();
