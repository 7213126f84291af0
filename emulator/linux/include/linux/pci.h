/* The names of PCI. There is no bus in this machine: looking for a device finds none. */
#ifndef _LINUX_PCI_H
#define _LINUX_PCI_H

#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/types.h>

#define PCI_ANY_ID (~0)

struct pci_dev {
	unsigned int devfn;
	unsigned short vendor;
	unsigned short device;
	unsigned int class;
	unsigned int irq;
	struct device dev;
};

struct pci_device_id {
	__u32 vendor, device;
	__u32 subvendor, subdevice;
	__u32 class, class_mask;
	unsigned long driver_data;
};

static inline struct pci_dev *pci_get_device(unsigned int vendor, unsigned int device, struct pci_dev *from)
{
	return NULL;
}

static inline void pci_dev_put(struct pci_dev *dev)
{
	(void)dev;
}

#define for_each_pci_dev(d) while ((d = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, d)) != NULL)

#endif
