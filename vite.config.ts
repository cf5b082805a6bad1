import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter({ out: 'build/site', precompress: true }),
      paths: { relative: false },
      csp: {
        mode: 'hash',
        directives: {
          'default-src': ['self'],
          'base-uri': ['none'],
          'form-action': ['self'],
          'frame-ancestors': ['none'],
          'object-src': ['none'],
          'img-src': ['self', 'data:', 'blob:'],
          'style-src': ['self'],
          'script-src': ['self'],
          'worker-src': ['self', 'blob:'],
        },
      },
    }),
  ],
})
