import { type OptOutRule, rule } from './opt-out-rule.ts';

const verbs =
  '(?:escrib|escriv|mand|envi|embi|llam|yam|contact|molest|text|mensaj|busqu|busc|fastidi|fastid|jod|chin[gj]u?|marqu|marc|habl|insist|spame|hostig|acos|ofre[sz]|moleste)';
/** Of `verbs`, those that mean writing or bothering whoever is spoken to, also without saying whom. */
const plain = '(?:escrib|escriv|mand|envi|embi|llam|contact|molest|texte|fastidi|jod|chin[gj]|insist)';
const me = '(?:me|nos|m)';
/** Of a request; "llamaron" and "llamo" only tell. */
const ending = '(?:e|a|en|an|es|as|ue|uen|ues|ee|een|ees|ar|ir|eando|iendo|ando|arme|irme|enme|eme|i|in)';
const texts =
  '(?:mensajes?|mensages?|textos?|llamadas?|correos?|emails?|mails?|publicidad|promociones|anuncios|spam|sms|msjs?|textes|info|informacion|notificaciones|ofertas|nada|texts?|messages?|calls?)';

/** Spanish, as it is written in texts: without accents, in both forms of address, often half in English. */
export const spanish: readonly OptOutRule[] = [
  rule('ordinary', 'es-cancela-algo', 'Cancels an appointment or a contract.', [
    'no (?:me|nos|m) llam(?:e|en|es)(?: (?:hoy|manana|antes|despues|ahora|ahorita|en la|al|a la|cuando|entre|todavia))|(?:todavia|aun|nadie|ya que|si) no (?:me|nos) [a-z]+|no (?:me|nos) molestan? (?:el|la|los|las|que|si|nada)',
    'no (?:me|nos|m) llam(?:e|en|es)(?: (?:mejor|por favor|solo|por|mejor por)){0,3} (?:texto|mensaje|escrib[a-z]{1,4}me|mand[a-z]{1,4}me|text[a-z]{1,4}me)',
    '(?:cancelar|cancela|cancele|cancelen|cancelo|cancelamos|cancelarla|cancelarlo|cambiar|mover)(?: (?:la|el|mi|nuestra|nuestro|esa|ese|una|un|las|los|para|por)){0,2} (?:cita|visita|recorrido|tour|contrato|oferta|arriendo|renta|reunion|inspeccion|solicitud|llamada|preaprobacion|seguro|lunes|martes|miercoles|jueves|viernes|sabado|domingo|manana|hoy)',
    '(?:puedo|podemos|podria|tengo que|tuve que|tuvimos que|necesito|quiero|quisiera|hay que|debo) cancelar(?! (?:esto|estos|esta|mi suscripcion|la suscripcion|los mensajes|sus))',
    '(?:techo|techos|precio|precios|muy|mas|tan|pago|interes|credito|un|el|del|demasiado|nivel|bastante|segundo|barrio) alto|alto (?:precio|techo|nivel|interes|costo|en|de|credito|standing)',
    'basta con(?! (?:los|sus|tus|estos|esos|tantos) )|basta que|(?:para|parar) (?:en|mi|ti|el|la|los|las|comprar|vender|ver|que|una|un|cuando|esta|este)',
    'no (?:pares?|paren|dejes?|dejen)(?: de)?(?: \\w+){0,2}|sin (?:parar|cancelar)|no (?:quiero|queremos|voy a|vamos a) (?:cancelar|parar|dejar)',
    '(?:tengo|marque|di|dio|llame|escribi|puse)(?: \\w+){0,2} (?:numero|telefono) equivocado|me equivoque de (?:numero|persona|casa)|(?:direccion|casa|fecha|hora|precio) equivocad[oa]',
    'equivo[a-z]+ (?:en|de) (?:la |el )?(?:direccion|fecha|hora|precio|casa|calle|unidad|dia|nombre|apartamento|puerta|cuarto)',
    '(?:dejar|deje|deja|dejamos) de (?:rentar|pagar|trabajar|buscar|fumar|alquilar|vivir)|(?:mi|el|su) numero es',
    'quit(?:a|ar|e|en)(?: (?:la|el|esa|ese|las|los|una)){1,2} \\w+|(?:sacar|borrar|quitar)(?:me)? (?:de|del) (?:el )?(?:prestamo|titulo|contrato|escritura|lease)',
  ]),
  rule('ambiguous', 'es-otro-canal', 'Closes one channel and invites another.', [
    `no ${me} (?:llam|mand|escrib|envi|text)${ending}(?: (?:textos|mensajes|correos))?(?: (?:mejor|por favor|solo|mejor por|por)){0,3} (?:correo|email|texto|mensaje|escrib[a-z]{1,4}me|mand[a-z]{1,4}me|llam[a-z]{1,4}me|text[a-z]{1,4}me)`,
    '(?:mejor|solo|prefiero) (?:por )?(?:correo|email|llamada|llamadas)(?: y no| no)? (?:por )?(?:textos?|mensajes?)',
  ]),
  rule(
    'clear',
    'es-no-me-escriban',
    'Dice que no le escriban ni llamen: says not to write or call.',
    [
      `(?:ya no|no|nunca|jamas|dont)(?: (?:quiero|queremos|deseo|deseamos) que)?(?: ya| mas| nunca| vuelv[a-z]{1,3} a| por favor| favor de no){0,2} ${me} (?:est[a-z]{1,3} |vuelv[a-z]{1,3} a |sig[a-z]{1,3} |and[a-z]{1,3} )?${verbs}${ending}(?= (?:mas|nada|ni|ya|por favor|porfavor|porfa|x favor|favor|nunca|jamas|aqui|aca|cosas|de nuevo|esto|esta basura|${texts}|please|otra vez|de nuevo|gracias|a este|a esta|a mi|en paz|por|no|stop)|$)`,
      `(?:ya no|no|nunca|jamas) (?:quiero|queremos|deseo|deseamos) que ${me} ${verbs}[a-z]*`,
      `(?:ya no|no|nunca|ni|favor de no|por favor no|porfavor no)(?: ya| mas){0,1} ${plain}(?:a|e|an|en|as|es|ar|ir|er|uen|ue|ues)(?: mas| ya| por favor| a este numero| a mi numero| mensajes| please| gracias){0,3}$`,
      `(?:ya no|no|nunca) ${plain}(?:e|a|en|an|es|as)(?: (?:mas|estos|esos|sus|tantos)){0,2} ${texts}`,
      `(?:favor|ruego|pido|solicito|agradezco|agradeceria|ya|por favor)(?: (?:de|que))? no (?:${plain})[a-z]{0,4}(?:ar|er|ir)(?:me|nos)`,
      '^(?:ese |este )?no es (?:el|su|mi) numero(?: correcto)?$',
      `(?:ya no|no) vuelv[a-z]{1,3} a ${verbs}[a-z]*`,
      `(?:ya no|no|nunca) l[eao]s? ${plain}(?:e|a|en|an|es)(?= (?:mas|${texts}|nada mas|a este)|$)(?! nada (?:al|a la|a los))|(?:ya no|no) (?:necesit|quer|quier)[a-z]+ que (?:me|nos|le) ${plain}[a-z]*|no (?:me |nos )?${plain}(?:e|en|es) (?:mas )?(?:cosas|casas|propiedades|listados|listings)(?: por favor| gracias| ya)*$`,
      `^(?:por favor |please )?no me (?:text|call|message|email|contact)(?: (?:please|anymore|mas|por favor))?$|basta de (?:texting|calling|messaging|mandar|escribir|textear)`,
    ],
    { limitable: true },
  ),
  rule('clear', 'es-deje-de', 'Dice que dejen de escribir: says to stop writing.', [
    `(?:dej[a-z]{1,4}|para|pare|paren|parar|ces[a-z]{1,3}|termin[a-z]{1,3}|basta|stop|quit)(?:me|le)?(?: ya)? (?:de |con )(?:estar )?(?:me )?${verbs}[a-z]*`,
    `(?:stop|quit|no more) (?:de )?${plain}[a-z]*`,
    `(?:par[ae]n?|dej[ae]n?|alto|basta|stop|termin[ae]n?)(?:le)?(?: ya)? (?:de |a |con )?(?:l[oa]s (?!ofertas|promociones)|sus |tus |estos |esos |tantos |mas |todos los )${texts}`,
    '(?:dej(?:a|e|en|ar|es)|par(?:a|e|en)|cesen|cese) de (?:estar )?(?:[a-z]+(?:r|ndo)(?:me|nos)|spamear|acosar|insistir|joder|fregar|fastidiar|hacer spam|llenar|mensajear|buscar(?:me|nos))',
    '(?:detenga|detengan|detener|suspenda|suspendan|suspender|pare|paren|parar|cancele|cancelen|alto|no)(?: (?:a|los|las|sus|estos|de|todos))* (?:mensajes|textos|llamadas|correos)',
    'dej(?:a|e|en|a|ame|eme|enme|enos|ennos)(?:me|nos)?(?: ya| por favor)? (?:en pa[zs]|tranquil[oa]s?|sol[oa]|de (?:estar )?(?:jod|chin|molest|fregar|fastid))[a-z]*',
    '(?:ya )?(?:basta|parale|parenle|pare|paren|parar|alto|detente|detengase|detenganse|cesen)(?: ya| por favor| please| gracias| con esto| de esto| de mensajes){1,3}$|^ya (?:basta|parale|parenle|paren|pare|para|estuvo|estuvo bueno|stop|dejenme|dejame)|^ya (?:par[ae]le|par[ae]nle)$|^(?:por favor |porfavor |favor de |please )(?:parar|pare|paren|alto|basta|stop|cancelar|cancele|detenerse)$',
  ]),
  rule(
    'clear',
    'es-no-quiero-mensajes',
    'Dice que no quiere mensajes: wants no messages.',
    [
      `(?:ya no|no|nunca) (?:quiero|queremos|deseo|deseamos|necesito|me interesa|me interesan|kiero|acepto|autorizo|pedi|pido|solicite)(?: (?:mas|recibir|resivir|resibir|recivir|que me manden|sus|tus|your|estos|esos|los|ningun|ninguna|tener|ver|de)){0,4} ${texts}`,
      `(?:ya )?no(?: mas)? ${texts}(?: (?:por favor|please|gracias|ya|mas)){0,4}$|(?:no|ni un|ningun) mas (?:de )?(?:${texts}|mesajes)|^no mas$|^(?:please |por favor )?ya no(?: (?:por favor|gracias|please|mas))?$|^nomas (?:mensajes|textos|llamadas)|dont (?:send|want) (?:mas )?(?:mensajes|textos)|^(?:ya )?suficiente(?: (?:con|de) (?:los|sus|tantos) \\w+)?$|(?:no|ya no) deseo ser contactad[oa]|^(?:ya no|no) (?:quiero|kiero)(?: (?:mas|nada|saber nada|recibir nada|recibir mas|esto|seguir|seguir recibiendo)){0,4}(?: (?:por favor|gracias|con ustedes|de ustedes|de esto)){0,4}$`,
      '(?:no quiero|ya no quiero|no deseo) (?:saber (?:nada )?(?:mas )?de|tener contacto|contacto|ser contactad|que me|estar en|seguir|nada (?:de|con))',
    ],
    { limitable: true },
  ),
  rule('clear', 'es-quitenme', 'Dice que lo quiten de la lista: wants off the list.', [
    '^(?:remove|take|get|unsubscribe) me(?: off| out)?(?: de)?(?: la| su| tu)?(?: lista)? (?:por favor|ya|gracias)$|(?:remove|delete|take|lose|borra) mi (?:numero|nombre|info|contacto)|take me off la lista|take my (?:numero|nombre) off',
    '^(?:por favor )?(?:quitar|remover|borrar|eliminar|sacar)(?:me)? (?:de (?:la|su) lista|mi numero|mi nombre|por favor)$|^quitar$|(?:quitar|remover|borrar|eliminar|sacar) (?:mi|este) (?:numero|nombre|contacto|telefono)|solicito (?:la |mi )?baja|(?:kit|quit)(?:a|e|en)(?:me|nme)? (?:mi numero|de la lista)|^kit(?:a|e|en)me',
    '(?:que|ya|favor) (?:ya )?me (?:quite|quiten|saque|saquen|borre|borren|elimine|eliminen|remueva|remuevan)(?: (?:de|del|ya|por favor)|$)|me (?:puede|pueden|podria|podrian|puedes|podrias) (?:por favor )?(?:quitar|borrar|eliminar|sacar|remover|dar de baja)(?: (?:de (?:la|su|tu|esta|sus)|del|por favor|ya)|$)',
    'olvid(?:a|e|en)(?:te|se|nse)? (?:ya )?de (?:mi|nosotros|este numero|mi numero)(?: (?:por favor|ya))?$',
    '(?:quit|sac|saqu|sak|borr|elimin|remuev|remov|retir|tach|desuscrib|suprim|excluy|desapunt|desinscrib|desafili)(?:a|e|en|an|as|es|o|ar|ir|emos|i|iba|iban)?(?:me|nos|rme|rnos)(?: (?:de|del)(?: (?:la|su|tu|esta|sus|tus|esa|este|ese|el|las))?(?: \\w+)?| por favor| porfavor| please| ya| gracias| ahora| from| off|$)',
    '(?:borr|elimin|quit|sac|saqu|remuev|retir|olvid|pierd|tir|tach|desech|bloque)(?:e|en|a|an|es|as|ar|er)?(?:se)?(?: de)? (?:mi|este|mis|el) (?:numero|nombre|telefono|contacto|informacion|info|datos|cel|celular|correo|email|num)(?! (?:viejo|anterior|de (?:la|el) (?!lista|base)|del)| y (?:use|pon|ponga|anote))',
    'd(?:ar|e|en|arme|eme|enme|ame)(?:me|se)? (?:de )?baja|^(?:baja|de baja|quiero baja|quiero darme de baja|quiero la baja)$|(?:quiero|quisiera|deseo|necesito) (?:salir|salirme|estar fuera|que me (?:quiten|saquen|borren|eliminen|den de baja)|cancelar(?:$| esto| la suscripcion| mi suscripcion| los mensajes| sus))|desuscribir(?:me|se)?|desuscribe|desuscribeme|anular (?:la |mi )?suscripcion|cancel(?:ar|en|e|a|o) (?:esto|estos|esta|mi suscripcion|la suscripcion|suscripcion|todo|los|mis|sus|mensajes|textos|el servicio)|fuera de (?:su|la|tu|esta) lista',
    '(?:list[ao]|registro) de no llam[a-z]+|no llam[a-z]+ (?:list|lista)',
  ]),
  rule('clear', 'es-numero-equivocado', 'Numero equivocado: wrong number.', [
    '(?:esa persona|el|ella|[a-z]+) (?:ya no|no) (?:tiene|usa) este (?:numero|telefono|celular)|^(?:esa persona|el|ella|[a-z]+) (?:ya )?no (?:vive|trabaja|esta) aqui$|^esta equivocad[oa](?:$| (?:yo )?no (?:soy|es|conozco))|^(?:yo )?no soy (?:yo|el|ella|esa|ese)$|tienen? mal el numero|numero erroneo|este ya no es (?:su|el|mi) (?:numero|telefono)|no soy (?:quien|a quien|el que|la que) (?:busca|buscan|buscas)|^aqui no es$|(?:ese|este) no es mi nombre|no conozco a(?: \\w+){1,2}$',
    '(?:numero|num|persona|telefono|contacto|tel|cel|celular|usted|ud) (?:esta )?e[qk]u?i[bv]oc+ad[oa]s?(?: de)?|^(?:usted |ud |creo que |lo siento |disculpe |perdon |hola ){0,2}est(?:a|as|an) e[qk]u?i[bv]ocad[oa]s?(?: de (?:numero|persona))?$|e[qk]u?i[bv]ocad[oa]s? (?:de )?(?:numero|persona|telefono)|(?:se|te) e[qk]u?i[bv]oc(?:o|aste|aron|an|a)(?: de)?(?: numero| persona)?|^e[qk]u?i[bv]ocad[oa]s?(?: (?:amigo|senor|senora|lo siento|disculpe|gracias))?$',
    'no soy (?:la |el |esa |ese )?(?:persona|quien|dueno|duena)(?: que)?|(?:este|ese) (?:no es (?:su|el|mi) )?(?:numero|telefono) (?:no es de|ya no es de|no pertenece|ya no pertenece|no es el de|de otra persona|es de otra)|este no es (?:su|el) (?:numero|telefono)|(?:aqui no (?:vive|hay|esta)|no hay (?:nadie|ningun|ninguna)(?: \\w+){0,2} (?:con ese nombre|llamad[oa]))|no conozco a (?:esa|ese|ningun|nadie|ninguna)|cambio de numero',
  ]),
  rule('clear', 'es-sin-permiso', 'No da permiso, o lo retira: gives no permission, or takes it back.', [
    '(?:no|nunca|jamas|ya no) (?:le |les |te |he |di |doy |dare |mi |ningun |dado ){0,4}(?:autorizo|autorice|autorizado|consiento|consenti|permiso|consentimiento|dado permiso)|(?:retiro|revoco|cancelo|quito) (?:mi |el )?(?:consentimiento|permiso|autorizacion)|(?:es|esto es) ilegal (?:mandar|escribir|llamar|enviar|textear)(?:me)?|no (?:tiene|tienen|tienes) (?:mi )?(?:permiso|derecho|autorizacion)|nunca (?:les |le |te )?di mi numero|no me (?:suscribi|apunte|registre|inscribi) (?:a|en|para) (?:esto|estos|nada|sus)|(?:reportad[oa]|bloquead[oa]) (?:como|por) (?:spam|acoso)|(?:ya )?me (?:canse|harte|aburri) de (?:sus|tus|estos)|me (?:esta|estan|estas) (?:molestando|acosando|hostigando|fastidiando)|sin mi (?:permiso|consentimiento|autorizacion)',
  ]),
  rule('clear', 'es-amenaza', 'Amenaza con denunciar: threatens to report.', [
    '(?:salir|salirme|salgo|salirnos|me quito|me borro) de (?:la|su|esta|sus|tu) (?:lista|mensajes)|como (?:le )?(?:hago|puedo|cancelo|paro|detengo|me doy de baja)(?: \\w+){0,4} (?:mensajes|textos|baja|lista)|(?:borr|quit|elimin|sac|saqu)[a-z]{1,3}l[aoe]s? de (?:su|la|esta|sus|tu)(?: \\w+)?$|numero(?: \\w+){0,4} (?:borr|quit|elimin)[a-z]{1,3}lo$|ces[a-z]{1,3} (?:l[oa]s|sus|todos los|con los|de) (?:mensajes|textos|llamadas)|dej[a-z]{1,3} de (?:preguntar|molestar|insistir|buscar(?:me|nos)|enviar|mandar|llamar|escribir|textear|chingar|joder)(?: |$)',
    '^ya (?:los|lo|te|las|la) (?:bloquee|reporte|denuncie|bloqueo)|^para (?:ya )?(?:los|sus|tus|con los|estos) (?:mensajes|textos|llamadas)$',
    '(?:voy|vamos|va|tendre que|estoy) (?:a )?(?:reportar|denunciar|demandar|bloquear|reportando|bloqueando|denunciando)(?:l[oa]s?|te|me)?(?! (?:el|la|un|una) )|(?:los|lo|te|las|la) (?:voy a|vamos a|estoy) (?:reportar|denunciar|demandar|bloquear|reportando|bloqueando)|(?:los|lo|te|las|la) (?:reporto|reportare|denuncio|denunciare|demando|demandare|bloqueo|bloqueare)|^(?:reportad[oa]s?|bloquead[oa]s?|denunciad[oa]s?)$|(?:mi|un|con mi) abogad[oa](?: \\w+){0,4} (?:mensajes|textos|acoso)|queja (?:formal|ante)',
    '(?:vayan?se|vete|vayase|largu?ense|largate|anda|vayan|vaya)(?: \\w+)? (?:a la (?:mierda|chingada|verga|porra|goma|fregada)|al (?:diablo|carajo|infierno|demonio)|de aqui)|ching(?:a|ue|uen|ate|uense)(?:te|tu|r)?(?: a)? (?:tu|su) madre|no chingu?en?|no (?:est[a-z]{1,3} )?(?:jod|mam|fastid|chin[gj]|frie?gu?)[a-z]{1,5}|me (?:tienen|tiene|tienes) hart[oa]|hart[oa] de (?:sus|tus|estos|tantos)|(?:largate|larguense)|pudr[aie]nse|pudrete',
  ]),
  rule(
    'ambiguous',
    'es-dudoso',
    'Puede querer decirlo: may be meant so.',
    [
      `(?:no|ya no|nunca) ${me} ${verbs}${ending}|no (?:me|nos) interesan?(?: (?:gracias|por favor|nada|su|sus|esto|nada de esto|vender|comprar)){0,4}$|no estoy interesad[oa](?: (?:gracias|en (?:vender|comprar|nada|esto|sus? \\w+))){0,4}$|^(?:ya )?no (?:gracias )?(?:molest|insist)(?:ar|e|en|es|as|a)$|^ya no (?:me interesa|nos interesa|estoy interesad[oa]|busco|buscamos)$`,
      '^ya (?:le|les|te) dije que no$|acoso|(?:es|son|esto es|puro|que) (?:spam|una estafa|estafa|fraude)|estafadores|dej(?:a|e|en) de|que molest[a-z]+|ya par[ea]n?|(?:quien|como|de donde) (?:les |le |te )?(?:dio|consigui[a-z]+|saco|sacaron|obtuvi[a-z]+) mi numero|nunca (?:les |le |te )?(?:di|pedi|solicite) (?:mi numero|esto)|no (?:los |te |lo )?conozco(?! (?:la|el|esa|bien|mucho|las|los) )',
    ],
    { refusal: true },
  ),
];
