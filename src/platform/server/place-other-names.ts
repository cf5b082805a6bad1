/** What people call towns that the bundled list knows by one name only, by country: "theirs = the list's". The names of our first languages (English, Welsh, Danish, German, Spanish, French, Arabic), Irish and Gaelic ones, and old ones still written. */
const otherNames: Record<string, string> = {
  AE: 'دبي = Dubai; أبو ظبي = Abu Dhabi; الشارقة = Sharjah',
  AT: 'Wien = Vienna; Vienne = Vienna; Viena = Vienna',
  BE: 'Brussel = Brussels; Bruxelles = Brussels; Brüssel = Brussels; Bruselas = Brussels; Antwerp = Antwerpen; Anvers = Antwerpen; Amberes = Antwerpen; Ghent = Gent; Gand = Gent; Gante = Gent; Bruges = Brugge; Brujas = Brugge; Luik = Liège; Lüttich = Liège; Louvain = Leuven',
  BH: 'المنامة = Manama',
  CH: 'Geneva = Genève; Genf = Genève; Ginebra = Genève; Bâle = Basel; Basle = Basel; Berne = Bern; Lucerne = Luzern; Zurigo = Zürich',
  CZ: 'Praha = Prague; Prag = Prague; Praga = Prague; Plzeň = Pilsen',
  DE: 'München = Munich; Cologne = Köln; Nuremberg = Nürnberg; Hanover = Hannover; Brunswick = Braunschweig; Aix-la-Chapelle = Aachen; Mayence = Mainz; Ratisbon = Regensburg; Frankfurt = Frankfurt am Main; Freiburg im Breisgau = Freiburg; Ludwigshafen = Ludwigshafen am Rhein',
  DK: 'København = Copenhagen; Kopenhagen = Copenhagen; Copenhague = Copenhagen; Elsinore = Helsingør',
  DZ: 'الجزائر = Algiers; Alger = Algiers; وهران = Oran',
  EG: 'القاهرة = Cairo; الإسكندرية = Alexandria; الجيزة = Giza; Le Caire = Cairo; Kairo = Cairo; El Cairo = Cairo',
  ES: 'Seville = Sevilla; Séville = Sevilla; Saragossa = Zaragoza; Alacant = Alicante; Bilbo = Bilbao; Donostia = Donostia / San Sebastián; San Sebastián = Donostia / San Sebastián; La Coruña = A Coruña; Corunna = A Coruña; Palma de Mallorca = Palma; Las Palmas = Las Palmas de Gran Canaria; Iruña = Pamplona; Lérida = Lleida; Gerona = Girona; Castellón de la Plana = Castelló de la Plana; Vitoria = Gasteiz / Vitoria; Vitoria-Gasteiz = Gasteiz / Vitoria',
  FI: 'Helsingfors = Helsinki; Åbo = Turku; Tammerfors = Tampere',
  FR: 'París = Paris; باريس = Paris; Strassburg = Strasbourg; Straßburg = Strasbourg; Marseilles = Marseille; Marsella = Marseille; Lyons = Lyon; Nizza = Nice; Niza = Nice',
  GB: "Caerdydd = Cardiff; Abertawe = Swansea; Casnewydd = Newport; Wrecsam = Wrexham; Caerfyrddin = Carmarthen; Hwlffordd = Haverfordwest; Aberhonddu = Brecon; Y Drenewydd = Newtown; Merthyr Tudful = Merthyr Tydfil; Pen-y-bont ar Ogwr = Bridgend; Y Barri = Barry; Castell-nedd = Neath; Caergybi = Holyhead; Yr Wyddgrug = Mold; Y Fenni = Abergavenny; Trefynwy = Monmouth; Aberteifi = Cardigan; Dinbych = Denbigh; Rhuthun = Ruthin; Y Rhyl = Rhyl; Y Trallwng = Welshpool; Dinbych-y-pysgod = Tenby; Penfro = Pembroke; Cas-gwent = Chepstow; Aberdaugleddau = Milford Haven; Llandrindod = Llandrindod Wells; Llundain = London; Londres = London; لندن = London; Lerpwl = Liverpool; Manceinion = Manchester; Bryste = Bristol; Caer = Chester; Caeredin = Edinburgh; Édimbourg = Edinburgh; Edimburgo = Edinburgh; Dùn Èideann = Edinburgh; Glaschu = Glasgow; Inbhir Nis = Inverness; Obar Dheathain = Aberdeen; Béal Feirste = Belfast; Doire = Derry; Londonderry = Derry; Hull = Kingston upon Hull; Brighton and Hove = Brighton; Saint Albans = St Albans; St Andrews = Saint Andrews; Saint Helens = St Helens; Saint Austell = St Austell; Kings Lynn = King's Lynn; Bishop’s Stortford = Bishops Stortford; Tunbridge Wells = Royal Tunbridge Wells; Leamington Spa = Royal Leamington Spa; Burton-on-Trent = Burton upon Trent; Newcastle-under-Lyme = Newcastle under Lyme",
  GR: 'Athènes = Athens; Athen = Athens; Atenas = Athens; Αθήνα = Athens; Salonica = Thessaloníki',
  IE: 'Galway = Gaillimh; Limerick = Luimneach; Baile Átha Cliath = Dublin; Corcaigh = Cork; Port Láirge = Waterford; Killarney = Cill Airne; Wexford = Loch Garman; Clonmel = Cluain Meala; Mullingar = An Muileann gCearr; Newbridge = Droichead Nua; Dunleary = Dún Laoghaire',
  IN: 'Bangalore = Bengaluru; Bombay = Mumbai; Calcutta = Kolkata; Madras = Chennai; Mysuru = Mysore',
  IQ: 'بغداد = Baghdad',
  IT: 'Roma = Rome; Rom = Rome; Milano = Milan; Mailand = Milan; Torino = Turin; Venezia = Venice; Venedig = Venice; Venise = Venice; Firenze = Florence; Florenz = Florence; Napoli = Naples; Neapel = Naples; Genova = Genoa; Genua = Genoa; Padua = Padova; Syracuse = Siracusa',
  JO: 'عمان = Amman; عمّان = Amman',
  KW: 'الكويت = Kuwait City; Kuwait = Kuwait City',
  LB: 'بيروت = Beirut; Beyrouth = Beirut',
  LY: 'طرابلس = Tripoli',
  MA: 'الدار البيضاء = Casablanca; الرباط = Rabat; مراكش = Marrakesh; Marrakech = Marrakesh; طنجة = Tangier; Tanger = Tangier; Fez = Fès; فاس = Fès',
  MX: 'Ciudad de México = Mexico City; México = Mexico City',
  NL: "Den Haag = The Hague; 's-Gravenhage = The Hague; La Haye = The Hague; La Haya = The Hague; Den Bosch = 's-Hertogenbosch",
  NZ: 'Whanganui = Wanganui; Tāmaki Makaurau = Auckland; Ōtautahi = Christchurch; Ōtepoti = Dunedin; Kirikiriroa = Hamilton',
  OM: 'مسقط = Muscat',
  PL: 'Warszawa = Warsaw; Warschau = Warsaw; Varsovie = Warsaw; Varsovia = Warsaw; Cracow = Kraków; Krakau = Kraków; Cracovie = Kraków; Danzig = Gdańsk; Breslau = Wrocław',
  PS: 'غزة = Gaza; رام الله = Ramallah',
  PT: 'Lisboa = Lisbon; Lissabon = Lisbon; Lisbonne = Lisbon; Oporto = Porto',
  QA: 'الدوحة = Doha',
  RO: 'București = Bucharest; Bucarest = Bucharest',
  RS: 'Beograd = Belgrade; Belgrad = Belgrade',
  RU: 'Moskva = Moscow; Moskau = Moscow; Moscou = Moscow; Moscú = Moscow; St Petersburg = Saint Petersburg; Sankt Petersburg = Saint Petersburg',
  SA: 'الرياض = Riyadh; جدة = Jeddah; مكة = Mecca; المدينة المنورة = Medina; الدمام = Dammam',
  SD: 'الخرطوم = Khartoum',
  SE: 'Gothenburg = Göteborg',
  SY: 'دمشق = Damascus; Damas = Damascus; حلب = Aleppo; حمص = Homs',
  TN: 'تونس = Tunis; صفاقس = Sfax',
  TR: 'Stamboul = Istanbul; إسطنبول = Istanbul',
  UA: 'Kiev = Kyiv; Odesa = Odessa; Lvov = Lviv; Kharkov = Kharkiv',
  US: 'New York = New York City; NYC = New York City; St Paul = Saint Paul; Washington DC = Washington, D.C.; Washington = Washington, D.C.; Nueva York = New York City',
  YE: 'صنعاء = Sanaa; عدن = Aden',
}

/** Names that are in other letters than the list's but the same word: "Aarhus" for "Århus", "Koeln" for "Köln". */
const spelled: [RegExp, string][] = [
  [/[Åå]/g, 'aa'],
  [/[Øøö]|Ö/g, 'oe'],
  [/[Ææä]|Ä/g, 'ae'],
  [/[Üü]/g, 'ue'],
  [/ß/g, 'ss'],
]
const spelling = new Set(['AT', 'CH', 'DE', 'DK', 'FI', 'FO', 'GL', 'IS', 'LI', 'LU', 'NO', 'SE'])

type Named = { name: string; country: string; population: number }

/** Answers the towns of a list again under each other name that people write; of several of one name in a country, the largest is meant. */
export function otherTowns<Town extends Named>(towns: readonly Town[]): Town[] {
  const known = new Map<string, Town>()
  for (const town of towns) {
    const key = `${town.country} ${town.name}`
    if ((known.get(key)?.population ?? -1) < town.population) known.set(key, town)
  }
  const others: Town[] = []
  for (const { country, theirs, ours } of pairs()) {
    const town = known.get(`${country} ${ours}`)
    if (town) others.push({ ...town, name: theirs })
  }
  for (const town of towns) {
    if (!spelling.has(town.country)) continue
    const name = spelled.reduce((words, [letter, two]) => words.replace(letter, two), town.name)
    if (name === town.name) continue
    others.push({ ...town, name: (name[0] ?? '').toUpperCase() + name.slice(1) })
  }
  return others
}

/** The other names one by one. */
export const pairs = (): { country: string; theirs: string; ours: string }[] =>
  Object.entries(otherNames).flatMap(([country, line]) =>
    line.split('; ').map((pair) => {
      const [theirs = '', ours = ''] = pair.split(' = ')
      return { country, theirs, ours }
    }),
  )
