/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The synonyms of drugs that GDSC, CCLE and CTRP write differently, and a few trade names. Each line is one compound;
 * salts and prodrugs with an active metabolite of another name (irinotecan, SN-38) are not synonyms. */
#include "drug-names.h"

#include <string.h>

static const char *const synonyms[] = {
  "17-AAG|Tanespimycin",
  "5-Fluorouracil|5-FU|Fluorouracil",
  "AEW541|NVP-AEW541",
  "AZD0530|Saracatinib",
  "AZD2281|Olaparib|Lynparza",
  "AZD6244|Selumetinib",
  "BEZ235|Dactolisib",
  "BIBW2992|Afatinib",
  "CDDP|Cisplatin|cis-Platinum",
  "CPT-11|Irinotecan",
  "CI-1033|Canertinib",
  "Docetaxel|Taxotere",
  "Doxorubicin|Adriamycin",
  "Erlotinib|Tarceva|OSI-774",
  "Etoposide|VP-16",
  "GDC0941|Pictilisib",
  "GSK1120212|Trametinib|Mekinist",
  "GSK2118436|Dabrafenib",
  "GW-572016|Lapatinib|Tykerb",
  "Gefitinib|Iressa|ZD-1839",
  "Gemcitabine|Gemzar",
  "Nutlin-3|Nutlin-3a|Nutlin-3a (-)",
  "PD-0325901|PD0325901|Mirdametinib",
  "PD-0332991|Palbociclib",
  "PF2341066|Crizotinib",
  "PLX4032|Vemurafenib",
  "PLX4720|PLX-4720",
  "PS-341|Bortezomib|Velcade",
  "Paclitaxel|Taxol",
  "Rapamycin|Sirolimus",
  "SAHA|Vorinostat",
  "STI-571|Imatinib|Gleevec",
  "TAE684|NVP-TAE684",
  "TKI258|Dovitinib",
  "Topotecan|Hycamtin",
  "ZD-6474|Vandetanib",
};

/* Letters and digits in lower case. */
static char *
fold (const char *text)
{
  GString *folded = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_isalnum (*p) || (guchar) *p >= 0x80)
      g_string_append_c (folded, g_ascii_tolower (*p));
  return g_string_free (folded, FALSE);
}

static gboolean
line_has (const char *line, const char *folded)
{
  g_auto (GStrv) names = g_strsplit (line, "|", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *name = fold (names[i]);

      if (g_str_equal (name, folded))
        return TRUE;
    }
  return FALSE;
}

DrugMatch
drug_names_match (const char *asked, const char *found)
{
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;

  if (strcmp (asked, found) == 0)
    return DRUG_MATCH_EXACT;
  a = fold (asked);
  b = fold (found);
  if (a[0] == '\0')
    return DRUG_MATCH_NONE;
  if (g_str_equal (a, b))
    return DRUG_MATCH_SPELLING;
  for (gsize i = 0; i < G_N_ELEMENTS (synonyms); i++)
    if (line_has (synonyms[i], a) && line_has (synonyms[i], b))
      return DRUG_MATCH_SYNONYM;
  return DRUG_MATCH_NONE;
}
