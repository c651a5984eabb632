import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { apiClient } from '../api-client.js';
import { apiLab } from '../api-lab.js';

it('the API describes itself as OpenAPI 3.1 wants it, every path and what is taken there', async () => {
  const lab = await apiLab();
  const client = apiClient(lab, await lab.start(), await lab.issue('alice'));
  try {
    const { body } = await client.call('GET', '/openapi.json');

    expect(await new Validator().validate(structuredClone(body))).toMatchObject({ valid: true });
    expect(body.openapi).toBe('3.1.0');
    expect(body.components.securitySchemes).toEqual({ clientCertificate: { type: 'mutualTLS' } });
    const operations = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(operations.sort()).toEqual([
      'delete /items/{id}',
      'get /',
      'get /admin',
      'get /healthz',
      'get /items',
      'get /items/{id}',
      'get /metrics',
      'get /openapi.json',
      'get /overview.json',
      'get /readyz',
      'get /whoami',
      'patch /items/{id}',
      'post /echo',
      'post /items',
      'put /items/{id}',
    ]);
    const { schema } = body.paths['/items'].post.requestBody.content['application/json'];
    expect(schema).toMatchObject({ additionalProperties: false, required: ['name'] });
    for (const method of ['get', 'post'])
      expect(Object.keys(body.paths['/items'][method].responses)).toContain('403');
  } finally {
    client.end();
    await lab.remove();
  }
});
