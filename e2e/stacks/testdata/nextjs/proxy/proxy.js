// The generated proxy.js of the site that a request names.
import { sites } from './sites/index.mjs';

export function proxy(request) {
  return sites[request.headers.get('x-concors-site')].proxy(request);
}
