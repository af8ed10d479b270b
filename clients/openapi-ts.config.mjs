// How openapi-ts writes the TypeScript client.
export default {
  input: './build/openapi.json',
  output: { path: './build/sdk/typescript/src', module: { extension: '.js' } },
  plugins: [
    '@hey-api/typescript',
    '@hey-api/sdk',
    { name: '@hey-api/client-fetch', includeInEntry: true },
  ],
}
