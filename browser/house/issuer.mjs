// An OpenID Connect provider on loopback, which says yes at once. It checks the client, the challenge and the code as a provider must: what
// it refuses otherwise is tested with `crates/proof-double`.

import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';

const encoded = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Starts it; `list` is the operator's list for it, `subject` the one who is signed in there. */
export async function startIssuer(subject) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = { ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' };
  const codes = new Map();
  let base;

  const token = (nonce) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: base, sub: subject, aud: 'rochdale', nonce, iat: now, exp: now + 300 };
    const signed = `${encoded({ alg: 'EdDSA', kid: 'one' })}.${encoded(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
  };

  const redeem = (form) => {
    const code = codes.get(form.get('code'));
    codes.delete(form.get('code'));
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    const fits = code && code.challenge === challenge && code.back === form.get('redirect_uri') && form.get('client_id') === 'rochdale';
    return fits ? { access_token: 'thrown-away', token_type: 'Bearer', id_token: token(code.nonce) } : undefined;
  };

  const server = createServer(async (request, response) => {
    const { pathname, searchParams: asked } = new URL(request.url, base);
    const json = (value) => response.writeHead(value ? 200 : 400, { 'content-type': 'application/json' }).end(JSON.stringify(value ?? {}));
    if (pathname === '/.well-known/openid-configuration') {
      const at = (path) => `${base}${path}`;
      return json({
        issuer: base, authorization_endpoint: at('/authorize'), token_endpoint: at('/token'), jwks_uri: at('/keys'),
        authorization_response_iss_parameter_supported: true,
      });
    }
    if (pathname === '/keys') return json({ keys: [key] });
    if (pathname === '/authorize' && asked.get('code_challenge_method') === 'S256') {
      const code = randomBytes(16).toString('hex');
      const back = asked.get('redirect_uri');
      codes.set(code, { challenge: asked.get('code_challenge'), nonce: asked.get('nonce'), back });
      const query = new URLSearchParams({ code, state: asked.get('state'), iss: base });
      return response.writeHead(303, { location: `${back}?${query}` }).end();
    }
    if (pathname === '/token' && request.method === 'POST') {
      let body = '';
      for await (const part of request) body += part;
      return json(redeem(new URLSearchParams(body)));
    }
    return response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${server.address().port}`;
  return {
    list: [{ name: 'club', title: 'The club', kind: 'openid', issuer: base, client: 'rochdale' }],
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
