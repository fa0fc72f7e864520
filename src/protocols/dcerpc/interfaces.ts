/**
 * Interfaces of DCE/RPC by their identifiers, as the verbs of a conversation: what is steered, not how.
 *
 * Those that rule a Windows machine or a domain, that print, that carry DCOM (OPC classic among it) and PROFINET. Each identifier is
 * printed in section 1.9 of the Microsoft protocol named behind it, unless another source is.
 */
export const INTERFACES: Readonly<Record<string, string>> = {
  "e1af8308-5d1f-11c9-91a4-08002b14a0fa": "ENDPOINT_MAPPER", // C706 appendix O
  "afa8bd80-7d8a-11c9-bef4-08002b102989": "MANAGEMENT", // C706 appendix Q
  "367abb81-9844-35f1-ad32-98f038001003": "SERVICE_CONTROL", // MS-SCMR
  "338cd001-2244-31f1-aaaa-900038001003": "REGISTRY", // MS-RRP
  "1ff70682-0a51-30e8-076d-740be8cee98b": "TASK_SCHEDULER", // MS-TSCH: ATSvc
  "378e52b0-c0a9-11cf-822d-00aa0051e40f": "TASK_SCHEDULER", // MS-TSCH: SASec
  "86d35949-83c9-4044-b424-db363231fd0c": "TASK_SCHEDULER", // MS-TSCH: ITaskSchedulerService
  "894de0c0-0d55-11d3-a322-00c04fa321a1": "SHUTDOWN", // MS-RSP: InitShutdown
  "d95afe70-a6d5-4259-822e-2c84da1ddb0d": "SHUTDOWN", // MS-RSP: WindowsShutdown
  "12345778-1234-abcd-ef00-0123456789ab": "LSA", // MS-LSAD
  "12345778-1234-abcd-ef00-0123456789ac": "SAM", // MS-SAMR
  "12345678-1234-abcd-ef00-01234567cffb": "NETLOGON", // MS-NRPC
  "e3514235-4b06-11d1-ab04-00c04fc2dcd2": "DIRECTORY_REPLICATION", // MS-DRSR
  "f5cc59b4-4264-101a-8c59-08002b2f8426": "FILE_REPLICATION", // MS-FRS1
  "897e2e5f-93f3-4376-9c9c-fd2277495c27": "FILE_REPLICATION", // MS-FRS2
  "3919286a-b10c-11d0-9ba8-00c04fd92ef5": "DIRECTORY_SETUP", // MS-DSSP
  "50abc2a4-574d-40b3-9d66-ee4fd5fba076": "DNS_SERVER", // MS-DNSP
  "91ae6020-9e3c-11cf-8d7c-00aa00c091be": "CERTIFICATES", // MS-ICPR
  "4b324fc8-1670-01d3-1278-5a47bf6ee188": "SERVER", // MS-SRVS
  "6bffd098-a112-3610-9833-46c3f87e345a": "WORKSTATION", // MS-WKST
  "4fc742e0-4a10-11cf-8273-00aa004ae673": "FILE_SYSTEM_NAMES", // MS-DFSNM
  "c681d488-d850-11d0-8c52-00c04fd90f7e": "FILE_ENCRYPTION", // MS-EFSR
  "df1941c5-fe89-4e79-bf10-463657acf44d": "FILE_ENCRYPTION", // MS-EFSR
  "12345678-1234-abcd-ef00-0123456789ab": "PRINT", // MS-RPRN
  "76f03f96-cdfd-44fc-a22c-64950a001209": "PRINT", // MS-PAR
  "82273fdc-e32a-18c3-3f78-827929dc23ea": "EVENT_LOG", // MS-EVEN
  "f6beaff7-1e19-4fbb-9f8f-b89e2018337c": "EVENT_LOG", // MS-EVEN6
  "5a7b91f8-ff00-11d0-a9b2-00c04fb6e6fc": "MESSAGES", // MS-MSRP
  "99fcfec4-5260-101b-bbcb-00aa0021347a": "DCOM", // MS-DCOM: IObjectExporter
  "4d9f4ab8-7d1c-11cf-861e-0020af6e7c57": "DCOM", // MS-DCOM: IActivation
  "000001a0-0000-0000-c000-000000000046": "DCOM", // MS-DCOM: IRemoteSCMActivator
  "00000131-0000-0000-c000-000000000046": "DCOM", // MS-DCOM: IRemUnknown
  "00000143-0000-0000-c000-000000000046": "DCOM", // MS-DCOM: IRemUnknown2
  "f309ad18-d86a-11d0-a075-00c04fb68820": "WMI", // MS-WMI: IWbemLevel1Login
  "d4781cd6-e5d3-44df-ad94-930efe48a887": "WMI", // MS-WMI: IWbemLoginClientID
  "9556dc99-828c-11cf-a37e-00aa003240c7": "WMI", // MS-WMI: IWbemServices
  "39c13a4d-011e-11d0-9675-0020afd8adb3": "OPC", // OPC Data Access: IOPCServer
  "dea00001-6c97-11d1-8271-00a02442df7d": "PROFINET", // IEC 61158-6-10: device
  "dea00002-6c97-11d1-8271-00a02442df7d": "PROFINET", // IEC 61158-6-10: controller
};
