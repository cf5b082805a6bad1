import type { Component } from 'svelte'
import { render } from 'svelte/server'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

export type Asked = {
  path: string
  db: Db
  now?: Date
  viewer?: Viewer
  params?: Record<string, string>
  headers?: Record<string, string>
  cookies?: Record<string, string>
}

/** Asks a load, an action or an address of a route as the framework does; with a body it is sent, else only asked for. */
export async function ask<Event, Answer>(
  route: (event: Event) => Answer,
  asked: Asked & { body?: Record<string, string | File> | undefined },
) {
  const { path, db, now = new Date(), viewer = anybody, params = {}, headers = {}, body } = asked
  const url = new URL(path, 'https://week.example')
  const locals = { db, viewer, now, language: 'en', keep: () => undefined }
  const form = new FormData()
  for (const [name, value] of Object.entries(body ?? {})) form.append(name, value)
  const request = new Request(url, body ? { method: 'POST', body: form, headers } : { headers })
  const cookies = { get: (name: string) => asked.cookies?.[name] }
  const getClientAddress = (): string => '192.0.2.1'
  const setHeaders = () => undefined
  const event = { locals, params, url, request, cookies, route: { id: null }, getClientAddress, setHeaders }
  return route(event as unknown as Event)
}

/** Answers the HTML of a page with what its load answers; `form` is what came back from its action. */
export async function pageOf(
  page: unknown,
  load: (event: never) => unknown,
  asked: Asked & { form?: unknown },
): Promise<{ head: string; body: string }> {
  const loaded = await ask(load, asked)
  const data = { language: 'en', ...(typeof loaded === 'object' && loaded) }
  const props = { data, params: asked.params ?? {}, form: asked.form ?? null }
  return render(page as Component<typeof props>, { props })
}
