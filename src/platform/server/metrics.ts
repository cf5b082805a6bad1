import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

export const registry = new Registry()
collectDefaultMetrics({ register: registry })

export const answers = new Counter({
  name: 'abe_answers_total',
  help: 'Answers by status class and where they came from (cache or rendered)',
  labelNames: ['status', 'from'] as const,
  registers: [registry],
})

export const seconds = new Histogram({
  name: 'abe_answer_seconds',
  help: 'How long rendering an answer took',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers: [registry],
})

export const keptPages = new Gauge({
  name: 'abe_kept_pages',
  help: 'Pages in the cache',
  registers: [registry],
})

new Gauge({ name: 'abe_process_id', help: 'The number of this process', registers: [registry] }).set(
  process.pid,
)
