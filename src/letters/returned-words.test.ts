import { describe, expect, test } from 'vitest'
import { saysReturned, serverWords } from '#letters/returned-words.ts'

describe('the words of a mail server', () => {
  test.each([
    ['Undelivered Mail Returned to Sender'],
    ['Sorry, no mailbox here by that name. (#5.1.1)'],
    ['550 no such thing'],
    ['Unzustellbar: Besuchen Sie uns'],
    ['Ihre Nachricht konnte nicht zugestellt werden.'],
    ['Benachrichtigung zum Übermittlungsstatus (Fehlgeschlagen)'],
    ['Non remis : Venez voir'],
    ['Votre message n’a pas pu être remis.'],
    ['Notification d’état de remise (échec)'],
    ['No se puede entregar: Visítenos'],
    ['El buzón de correo está lleno.'],
    ['Notificación de estado de entrega (error)'],
    ['Onbestelbaar: Kom kijken'],
    ['Uw bericht kon niet worden bezorgd.'],
    ['Statusmelding van bezorging (mislukt)'],
    ['Mancato recapito: Venite'],
    ['Non è stato possibile recapitare il messaggio.'],
    ['Notifica sullo stato del recapito (errore)'],
    ['Não é possível entregar: Visite-nos'],
    ['A sua mensagem não pôde ser entregue.'],
    ['Notificação de Status de Entrega (Falha)'],
    ['NAO FOI POSSIVEL ENTREGAR'],
  ])('“%s” say that it came back', (words) => {
    expect(saysReturned(words)).toBe(true)
  })

  test.each([
    ['Warning: could not be delivered yet. It will be tried again.'],
    ['Ihre Nachricht wurde noch nicht zugestellt. Es wird weiter versucht.'],
    ['Votre message n’a pas encore été remis.'],
    ['No se ha podido entregar todavía: se volverá a intentar.'],
    ['Uw bericht is nog niet bezorgd. We blijven proberen.'],
    ['Il messaggio non è ancora stato consegnato.'],
    ['A mensagem ainda não foi entregue. Tentaremos novamente.'],
    ['Bonjour, une lettre.'],
    ['Poczta nie została dostarczona.'],
    [''],
  ])('“%s” do not', (words) => {
    expect(saysReturned(words)).toBe(false)
  })

  test('are there in every language for both, and what says that it is late is never taken for a failure', () => {
    expect(Object.keys(serverWords)).toEqual(['en', 'de', 'fr', 'es', 'nl', 'it', 'pt'])
    for (const { returned, trying } of Object.values(serverWords)) {
      for (const phrase of returned) expect(saysReturned(phrase), phrase).toBe(true)
      for (const phrase of trying) expect(saysReturned(`${returned[0]}. ${phrase}`), phrase).toBe(false)
    }
  })
})
