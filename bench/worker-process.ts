// The worker as `npm start` runs it; it tells "ready" by itself.
import '#worker.ts'
