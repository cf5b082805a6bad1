export type Heard = {
  results: ArrayLike<ArrayLike<{ transcript: string }> & { isFinal: boolean }>
  resultIndex: number
}

/** Answers what is certain by now of what was heard since the last time: often one sentence, on telephones several at once. */
export const wordsHeard = ({ results, resultIndex }: Heard): string =>
  Array.from(results)
    .slice(resultIndex)
    .filter((result) => result.isFinal)
    .map((result) => result[0]?.transcript.trim() ?? '')
    .filter(Boolean)
    .join(' ')
