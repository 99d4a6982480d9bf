import type { FairHousingRule } from './fair-housing-rules.ts';
import { oneOf, upTo } from './fair-housing-words.ts';

const grupos = oneOf(
  'familias?|ninos?|ninas?|hijos?|hijas?|bebes?|adolescentes|parejas?|solteros?|solteras?|casados?|casadas?|jubilados?|retirados?|ancianos?|adultos?(?: mayores)?|personas mayores|gente mayor|jovenes|estudiantes',
  'mujeres|mujer|hombres?|varones|damas|caballeros|senoritas|senoras?|madres?|padres? de familia|abuelos|profesionales|matrimonios?|universitarios|recien casados|chicos|chicas|profesionistas',
);
const pueblos = oneOf(
  'hispan[oa]s?|latin[oa]s?|mexican[oa]s?|cuban[oa]s?|puertorriquen[oa]s?|boricuas?|dominican[oa]s?|colombian[oa]s?|venezolan[oa]s?|haitian[oa]s?|salvadoren[oa]s?|guatemaltec[oa]s?|asiatic[oa]s?|chin[oa]s|indi[oa]s|arabes?|african[oa]s?|afroamerican[oa]s?|gring[oa]s?|anglos?|rus[oa]s|corean[oa]s|inmigrantes?|migrantes?|extranjer[oa]s?|indocumentad[oa]s?|minorias?|judi[oa]s?|musulman(?:es|as?)?|cristian[oa]s?|catolic[oa]s?|evangelic[oa]s?|mormon(?:es)?|testigos|ate[oa]s?|brasilen[oa]s?|american[oa]s?|estadounidenses',
);
const lugares = oneOf(
  'barrios?|vecindarios?|zonas?|areas?|colonias?|comunidad(?:es)?|calles?|lados?|partes?|sectores?|sector|edificios?|rumbos?',
);

/** Rules in Spanish, over plain sentences: no accents, so that `niños` is `ninos`. */
export const spanishRules: readonly FairHousingRule[] = [
  ['race-origin', `\\b${pueblos}\\b(?! (?:estilo|restaurante|comida))`],
  [
    'race-origin',
    `\\b(?:de|entre|mas|muchos|solo|solamente|puros|mayoria|gente) (?:de )?(?:blancos|negros|morenos|color)\\b|\\b(?:no hay|hay|viven|puros|muchos|pocos|sin) (?:blancos|negros|morenos)\\b|\\b(?:gente|familias?|personas|vecinos) (?:blanc|negr|moren)[oa]s?\\b|\\b(?:raza|etnia|etnic[oa]s?|racial(?:es)?|nacionalidad|diversidad|divers[oa] (?:gente|comunidad))\\b|\\bde que (?:pais|raza|origen|parte)\\b|\\b(?:solo|solamente|ser) (?:\\w+ )?ciudadan[oa]s?\\b|\\bes usted (?:\\w+ )?(?:ciudadan|residente)[oa]?\\b|\\bhablar ingles\\b|\\bestatus migratorio\\b|\\bpapeles\\b`,
  ],
  [
    'religion',
    `\\b(?:religion|religios[oa]s?|iglesias?|sinagogas?|mezquitas?|templos?|parroquias?|misa|fe cristiana|su fe|creyentes)\\b`,
  ],
  [
    'familial',
    `\\b(?:para|con|de|por|a|sin|ni|entre|solo|solamente|unicamente|prefieren?|quieren?|busca[n]?|admite[n]?|queremos|aceptamos|rentamos|vendemos|acepta[n]?|permite[n]?|ideal|perfect[oa]|muchos?|muchas|pocos|pocas|llen[oa] de|varias|otras|mayoria) (?:(?:una?|los|las|sus?|el|la|muchas?|muchos?|otras|mas|tener|criar|familias con|personas) ){0,2}${grupos}\\b`,
  ],
  [
    'familial',
    `\\b(?:viven|vive|hay)${upTo(2)} ${grupos}\\b|\\b${grupos}${upTo(3)} (?:estaran|estara|amaran|amara|disfrutaran|disfrutara|van a|solamente|unicamente|preferid[oa]s|bienvenidos)\\b|\\b(?:tiene|tienen|cuantos|espera) (?:\\w+ )?(?:hijos|ninos|familia|esposo|esposa)\\b|\\b(?:esta|es) (?:usted )?(?:casad[oa]|solter[oa]|embarazada|divorciad[oa]|jubilad[oa])\\b|\\bcriar (?:a )?(?:hijos|ninos|sus|una)\\b|\\b(?:gente mayor|personas mayores|recien casados)\\b|\\bambiente familiar\\b|\\b(?:barrio|zona|vecindario|comunidad|casa) (?:muy )?familiar\\b|\\bsu edad\\b|\\bcuantos anos tiene\\b`,
  ],
  [
    'sex',
    `\\b(?:solo|solamente|para|prefieren|prefiere) (?:una? )?(?:mujeres|mujer|hombres?|damas|caballeros|senoritas?)\\b|\\bmadres? solteras?\\b`,
  ],
  ['orientation', `\\b(?:gays?|lesbianas?|homosexuales|transgenero)\\b`],
  [
    'disability',
    `\\b(?:discapacidad(?:es)?|discapacitad[oa]s?|minusvalid[oa]s?|sillas? de ruedas|inval[io]d[oa]s?|enferm[oa]s? mental(?:es)?|animales? de (?:servicio|apoyo)|cieg[oa]s|sord[oa]s)\\b`,
  ],
  [
    'income',
    `\\b(?:no|sin|ni)${upTo(4)} (?:vales?|seccion 8|asistencia|ayuda del gobierno|subsidios?)\\b|\\bsolo (?:personas|gente) con (?:trabajo|empleo)\\b`,
  ],
  [
    'safety',
    `\\b(?:(?:es|son|muy|mas|tan|super|bastante|menos) segur[oa]s?|${lugares}${upTo(3)} segur[oa]s?|segur[oa]s? (?:que el|para|ahi|aqui|alla|de noche)|seguridad|insegur[oa]s?|peligros[oa]s?|peligro|delincuencia|crimen(?:es)?|criminalidad|violencia|pandillas|drogas|robos|asaltos|malviviente|mala muerte|tranquilidad y seguridad)\\b(?! (?:de que|que si|social|de vida|medico|de la casa|de propietario|de inundacion))`,
  ],
  [
    'safety',
    `\\b(?:evite|evitar|alejese|no vaya|no se acerque)${upTo(3)} ${lugares}\\b|\\b(?:mal[oa]?|mejor|peor|fe[oa]) ${lugares}\\b|\\b${lugares} (?:mal[oa]|fe[oa]|pesad[oa]|bravo|peor|mejor)\\b`,
  ],
  [
    'schools',
    `\\b(?:buen[oa]s?|mejor(?:es)?|excelentes?|mal[oa]s?|peor(?:es)?|gran(?:des)?|alta calidad)${upTo(3)} (?:escuelas?|colegios?|distrito escolar|zona escolar)\\b|\\b(?:escuelas?|colegios?|distrito escolar)${upTo(4)} (?:buen[oa]s?|mejor(?:es)?|excelentes?|mal[oa]s?|calificad[oa]s?|premiad[oa]s?|de primera|de calidad)\\b|\\bmejor zona escolar\\b`,
  ],
  [
    'people',
    `\\b(?:gente|personas|familias|vecinos|otros) (?:\\w+ )?(?:como (?:usted|ustedes|tu|nosotros)|buen[oa]s?|decente|educad[oa]|de bien|adecuad[oa]|trabajador[ae]?|correct[oa]|mal[oa]?)\\b|\\b(?:su|tu|nuestra|mi) (?:propia )?(?:gente|raza|cultura|comunidad|religion)\\b|\\bbuena gente\\b|\\b(?:no es|no seria) (?:una? )?(?:zona|lugar|barrio|area|vecindario) para (?:usted|ti|gente)\\b|\\b(?:comunidad|zona|barrio|vecindario)${upTo(2)} exclusiv[oa]\\b|\\bencajaria|encajara|encaja bien\\b|\\bmas comodo (?:en|con|entre)\\b|\\btipo de gente\\b|\\bclase de gente\\b|\\bentre nosotros\\b`,
  ],
  // Whoever speaks of a home needs none of these words.
  [
    'familial',
    `\\b(?:familias|ninos?|ninas?|hijos?|hijas?|bebes?|parejas?|solter[oa]s?|casad[oa]s?|divorciad[oa]s?|viud[oa]s?|embarazada|jubilad[oa]s?|retirad[oa]s|ancian[oa]s?|adult[oa]s?(?: mayores)?|adolescentes?|jovenes|joven|estudiantes?|universitarios?|abuel[oa]s?|matrimonios?|nietos?|infantes?|menores|criaturas|chiquit[oa]s|pequen[oa]s|mama soltera|tercera edad|edad|recien casados|marido|estado civil|familia (?:numerosa|joven|grande|pequena|tradicional)|para (?:una|su|tu|la|toda la) familia|ambiente familiar|familiares)\\b(?! de (?:la|los) (?:puerta|ventana))`,
  ],
  [
    'sex',
    `\\b(?:mujer(?:es)?|hombres?|varones|varon|damas|caballeros|senoritas?|masculin[oa]s?|femenin[oa]s?|machos?)\\b`,
  ],
  [
    'race-origin',
    `\\b(?:blancos|negr[oa]s|moren[oa]s|priet[oa]s|guer[oa]s|color de (?:piel|la piel)|piel (?:clara|oscura|morena|blanca)|raza[s]?|etni\\w+|racial(?:es)?|nacionalidad(?:es)?|acento|ingles|idioma|paisan[oa]s?|paises?|origen|gringos?|americanos|extranjer\\w+|cultura(?:s|l)?|costumbres|visa[s]?|papeles|documentos migratorios|indocumentad\\w+|migratori\\w+|residencia legal|residentes? legal(?:es)?|ciudadan\\w+|deport\\w+|ilegales|nacid[oa]s? (?:aqui|en))\\b(?<!hablamos ingles)(?<!en ingles)(?<!habla ingles)(?<!e ingles)(?<!o ingles)(?<!y ingles)`,
  ],
  [
    'religion',
    `\\b(?:dios|cristo|biblia|rezar|oracion|pastor(?:es)?|sacerdote|fieles|congregacion|templo[s]?|parroquia[s]?|iglesia[s]?|capilla|religios\\w+|fe)\\b(?! (?:de erratas))(?<!buena fe)`,
  ],
  [
    'disability',
    `\\b(?:discapaci\\w+|minusvalid\\w+|invalid[oa]s?|cieg[oa]s|sord[oa]s|mud[oa]s|enferm\\w+|salud mental|problemas de salud|movilidad|silla de ruedas|baston|andadera|muletas|perros? (?:de servicio|guia|de apoyo)|animal(?:es)? de (?:servicio|apoyo|asistencia)|subir (?:las )?escaleras|condicion medica|medicamentos|autista|depresion)\\b(?! (?:son|es) bienvenid)(?<!rampa para silla de ruedas)(?<!acceso (?:para|con) silla de ruedas)`,
  ],
  [
    'income',
    `\\b(?:vales?|seccion (?:8|ocho)|asistencia(?: publica)?|ayuda (?:del|publica)|gobierno|subsidi\\w+|cupones|welfare|pension alimenticia|beneficios|programas? de vivienda|empleo fijo|trabajo fijo|comprobantes? de nomina|desemplead[oa]s?)\\b(?<! se aceptan (?:vales|asistencia))(?=.*\\b(?:no|sin|solo|solamente|ni|nunca|prefier\\w+|nadie|recib\\w+|gente|personas|inquilinos|tienen que|debe)\\b|(?<=\\b(?:no|sin|solo|solamente|ni|nunca|prefier\\w+|nadie|gente|personas|inquilinos|tienen que|debe)\\b.*))`,
  ],
  ['military', `\\b(?:militares|veteranos?|soldados?|ejercito|marina)\\b`],
  [
    'orientation',
    `\\b(?:gays?|lesbian\\w+|homosexual\\w*|transexual\\w*|transgener\\w+|bisexual\\w*|lgbt\\w*|mismo sexo|dos (?:hombres|mujeres)|heterosexual\\w*)\\b`,
  ],
  [
    'safety',
    `\\b(?:segur[oa]s? (?:y|e) \\w+|\\w+ y segur[oa]s?|crimen|ladrones|maleantes|cholos|vagos|asaltan|roban|balaceras|drogadictos|borrachos|mala fama|caliente|zona roja|de noche|no pasa nada|sin preocup\\w+|dormir tranquil\\w+|barrio (?:malo|bajo|bravo))\\b(?<!abierto de noche)`,
  ],
  [
    'people',
    `\\b(?:gente (?:de|que|como|con|mas|muy)|buenos vecinos|vecinos (?:son|de|que|muy|decentes|tranquilos|educados)|tipo de (?:vecinos|personas|inquilinos)|clase (?:alta|media|baja|social)|exclusiv[oa]s?|de su nivel|su estilo|se sentir(?:a|ia) (?:mas )?(?:comod[oa]|a gusto|en casa|bien)|estar(?:a|ia) (?:mas )?(?:comod[oa]|a gusto)|mejor en otr[oa]|gente bien|de buen nivel|buen ambiente|como (?:usted|ustedes|tu)|los suyos|su comunidad|encaj\\w+|pertenec\\w+|no le conviene|no se la recomiendo|no le recomiendo|entre nos|no deberia decir|usted me entiende|me entiende)\\b`,
  ],
];
