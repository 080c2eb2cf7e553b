// The application of the tests, with the generated cors.js as its comment says.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { useCors } from './cors.js';

const app = new Hono();
useCors(app);

const headers = { 'X-Answered-By': 'application', 'X-Total-Count': '2', ETag: '"1"' };
app.onError((_err, c) => c.json({}, 500, headers));
app.use((c) => {
  if (c.req.path.endsWith('/broken')) {
    throw new Error('database is down');
  }
  const status = { missing: 404, unknown: 401 }[c.req.path.slice(c.req.path.lastIndexOf('/') + 1)] || 200;
  return c.json({}, status, headers);
});
serve({ fetch: app.fetch, hostname: process.env.HOST, port: Number(process.env.PORT) });
