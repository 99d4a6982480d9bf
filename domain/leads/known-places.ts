/**
 * Towns and cities that leads write in small letters, plain. A name that stands here is a place behind `in` or `near` without a capital letter;
 * one that does not needs the capital. Large cities, and the towns around those where the most homes change hands. Names alone: nothing is
 * known of who lives there.
 */
const names = `
albuquerque, allen, altamonte springs, anaheim, anthem, apopka, apex, arlington, arvada, atlanta, auburndale, aurora, austin, avondale, bakersfield,
baltimore, baton rouge, bee cave, bellevue, birmingham, boca raton, boise, bonita springs, boston, boulder, boynton beach, bradenton, brandon, brentwood,
broomfield, buckeye, buda, buffalo, cape coral, carrollton, carrollwood, cary, casa grande, castle rock, cedar park, celebration, celina, chandler,
chapel hill, charleston, charlotte, chattanooga, chicago, chula vista, cincinnati, clearwater, clermont, cleveland, colorado springs, columbia, columbus,
concord, conroe, coral gables, coral springs, coppell, corpus christi, cypress, dade city, dallas, davenport, davie, daytona beach, decatur, deerfield beach,
delray beach, deltona, denton, denver, des moines, detroit, doral, dripping springs, dunedin, durham, east austin, el mirage, el paso, fishers, flagstaff,
flower mound, fort collins, fort lauderdale, fort myers, fort worth, franklin, fresno, frisco, ft lauderdale, ft myers, ft worth, gainesville, georgetown,
gilbert, glendale, goodyear, grand rapids, greensboro, greenville, henderson, hialeah, hollywood, homestead, honolulu, houston, huntersville, huntsville,
hutto, indianapolis, irving, jacksonville, jupiter, kansas city, katy, keller, kissimmee, knoxville, kyle, lake mary, lake nona, lakeland, lakeway,
lakewood, lakewood ranch, land o lakes, largo, las vegas, leander, lewisville, lexington, liberty hill, little rock, longmont, los angeles, louisville,
lutz, macon, manor, maricopa, marietta, mckinney, melbourne, memphis, mesa, mesquite, miami, miami beach, milwaukee, minneapolis, miramar, mooresville, mount dora, mt dora, murfreesboro, naples, nashville, new orleans, new port richey, new tampa, north austin, north las vegas, north miami, north port,
oakland, ocala, ocoee, odessa, oklahoma city, omaha, orlando, overland park, oviedo, palm bay, palm beach, palm coast, palm harbor, parker, parrish, pasadena,
pearland, pembroke pines, pensacola, peoria, pflugerville, philadelphia, phoenix, pinellas park, pittsburgh, plano, plant city, pompano beach,
port charlotte, port orange, port st lucie, portland, prosper, queen creek, raleigh, richardson, richmond, riverside, riverview, rockwall, rosenberg, round rock,
ruskin, sacramento, safety harbor, salt lake city, san antonio, san diego, san francisco, san jose, san marcos, san tan valley, sanford, sarasota,
savannah, scottsdale, seattle, seminole, seminole heights, smyrna, south austin, south tampa, spring hill, spokane, st augustine, st cloud, st louis, st pete,
st pete beach, st petersburg, st. augustine, st. cloud, st. louis, st. pete, st. petersburg, sugar land, summerlin, sun city, surprise, tacoma, tallahassee,
tampa, tampa bay, tarpon springs, tempe, temple terrace, the villages, the woodlands, thornton, titusville, tomball, tucson, tulsa, valrico, venice,
vero beach, virginia beach, wake forest, washington dc, waxahachie, wesley chapel, west palm beach, westchase, westminster, weston, wichita, wilmington,
windermere, winter garden, winter haven, winter park, winter springs, ybor city, zephyrhills
`;

export const knownPlaces: ReadonlySet<string> = new Set(
  names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
);
