// A handler as the comment of cors.js has it.
import { sites } from '../../../sites/index.mjs';

const { withCors } = sites['one-origin'];

export const { GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE } = withCors({
  async GET(request) {
    return request.nextUrl.searchParams.has('to') ? Response.redirect('https://app.example/') : Response.json({});
  },
});
